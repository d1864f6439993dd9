"""The autoscaler's figures: what it sees, what it decides, and why."""

from prometheus_client import CollectorRegistry, Counter, Gauge

from faas.autoscaler.decision import Load, Verdict
from faas.autoscaler.labels import Policy


class Metrics:
    """One registry of its own, so that several can live in one process."""

    def __init__(self) -> None:
        """All at zero."""
        self.registry = CollectorRegistry()
        function, kind = ["function_name"], ["function_name", "type"]
        self.desired = self._gauge("autoscaler_desired_replicas", "Replicas a function should have.", function)
        self.recommended = self._gauge("autoscaler_recommended_replicas", "What the load alone asks for.", function)
        self.load = self._gauge("autoscaler_load", "Load in the unit of the function's type.", kind)
        self.reason = self._gauge("autoscaler_reason", "1 for what set the number.", ["function_name", "reason"])
        self.sees = Gauge("autoscaler_sees_load", "1 while all gateways tell their load.", registry=self.registry)
        self.changes = Counter(
            "autoscaler_changes", "Scalings done.", ["function_name", "direction"], registry=self.registry
        )
        self.failures = Counter(
            "autoscaler_failures", "Scalings the provider refused.", function, registry=self.registry
        )

    def begin(self) -> None:
        """Forget the functions' figures, so that those of removed ones vanish."""
        for gauge in (self.desired, self.recommended, self.load, self.reason):
            gauge.clear()

    def show(self, name: str, load: Load, policy: Policy, verdict: Verdict) -> None:
        """Show the verdict on one function."""
        self.desired.labels(name).set(verdict.replicas)
        self.recommended.labels(name).set(verdict.recommended)
        self.load.labels(name, policy.kind).set(load.measured_in(policy.kind))
        self.reason.labels(name, verdict.reason).set(1)

    def _gauge(self, name: str, text: str, labels: list[str]) -> Gauge:
        return Gauge(name, text, labels, registry=self.registry)
