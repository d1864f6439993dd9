"""Alertmanager's alerts, which scale functions by OpenFaaS' classic rule. Pure.

The platform's own autoscaler needs none of them: they are for whoever brings an Alertmanager along.
"""

import math

from pydantic import BaseModel

from faas.provider.deployment import Deployment
from faas.provider.errors import BadRequest
from faas.provider.traffic import DEFAULT_MAX_REPLICAS, traffic_of, whole_number

_FACTOR_LABEL, _FACTOR = "com.openfaas.scale.factor", 10


class Alert(BaseModel):
    """One alert; only what names the function and says whether it goes on."""

    status: str = ""
    labels: dict[str, str] = {}

    @property
    def function_name(self) -> str:
        """As Prometheus knows it, with its namespace or without."""
        return self.labels.get("function_name", "")


class Alerts(BaseModel):
    """What Alertmanager posts."""

    alerts: list[Alert] = []


def replicas_after(alert: Alert, deployment: Deployment, now: int) -> int:
    """Tell how many replicas a function gets: a share of its maximum more while the alert fires, else the minimum.

    Raises BadRequest for a label that cannot be read.
    """
    traffic = traffic_of(deployment)
    if alert.status != "firing":
        return max(1, traffic.min_replicas)
    most = traffic.max_replicas or DEFAULT_MAX_REPLICAS
    factor = _factor(deployment)
    return min(most, now + math.ceil(most * factor / 100))


def _factor(deployment: Deployment) -> int:
    text = deployment.labels.get(_FACTOR_LABEL, str(_FACTOR))
    try:
        return whole_number(text)
    except ValueError as error:
        raise BadRequest(f"{_FACTOR_LABEL}: {error}") from None
