"""A function as a Swarm service: from deployment to spec, and back. Pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from faas.provider.bodies import read_body
from faas.provider.deployment import Deployment
from faas.provider.names import (
    ANNOTATION_PREFIX,
    DEPLOYMENT_LABEL,
    FUNCTION_LABEL,
    IMAGE_LABEL,
    PREVIOUS_LABEL,
    SPEC_LABEL,
    STACK_LABEL,
    STATUS_ANNOTATION,
    TAKEN_BACK_LABEL,
    UPDATED_LABEL,
    service_name,
)
from faas.provider.traffic import Traffic, traffic_of

SECRETS_FOLDER = "/var/openfaas/secrets"
PORT = 8080

_SECOND = 10**9
# From SIGTERM the replica still takes calls for a moment, then finishes those it has.
_DRAIN = 8
_TRIAL = 60.0
WATCHED = timedelta(seconds=5)
"""How long a new replica has to run before Swarm thinks well of it."""
_UPDATE = {"Parallelism": 1, "Monitor": WATCHED.seconds * _SECOND, "MaxFailureRatio": 0, "Order": "start-first"}
_LOG_DRIVER = {"Name": "json-file", "Options": {"max-size": "10m", "max-file": "2"}}
_PIDS = 256


@dataclass(frozen=True)
class SecretVersion:
    """One value of a function's secret, as Swarm knows it."""

    id: str
    name: str


@dataclass(frozen=True)
class Function:
    """A function that is deployed: its service, and what its owner asked for."""

    service_id: str
    service: str
    deployment: Deployment
    replicas: int
    created_at: str
    """RFC 3339."""
    spec_digest: str
    container: Mapping[str, Any]
    """The ContainerSpec that its replicas should run."""
    previous: str = ""
    """What ran before, packed (see releases); empty if that is not known."""
    updated: float = 0
    """When it took the place of what ran before, in Unix seconds."""
    update_state: str = ""
    """How far Swarm is with the last change, in its words; empty if it forgot."""
    taken_back: str = ""
    """Why the provider went back to this by itself."""

    @property
    def rolled_back(self) -> bool:
        """Tell whether Swarm went back to this by itself, because what was deployed last did not stay up."""
        return self.update_state.startswith("rollback")

    @property
    def name(self) -> str:
        """What its owner calls it."""
        return self.deployment.service

    def is_on_trial(self, now: datetime) -> bool:
        """Tell whether it took the place of another deployment so lately that it may turn out not to stay up."""
        return bool(self.previous) and now.timestamp() - self.updated < _TRIAL

    @cached_property
    def traffic(self) -> Traffic:
        """How calls reach it."""
        return traffic_of(self.deployment)


def service_spec(
    deployment: Deployment,
    *,
    stack: str,
    network: str,
    image: str,
    secrets: Mapping[str, SecretVersion],
    replicas: int,
) -> dict[str, Any]:
    """Build the whole spec of the service. `image` is what Swarm starts, `secrets` has every one that is asked for."""
    spec: dict[str, Any] = {
        "Name": service_name(deployment.service, stack=stack),
        "Labels": _service_labels(deployment, stack),
        "TaskTemplate": {
            "ContainerSpec": _container(deployment, image=image, secrets=secrets),
            "Resources": _resources(deployment),
            "RestartPolicy": {"Condition": "any", "Delay": _SECOND // 2},
            "Placement": {"Constraints": deployment.constraints},
            "Networks": [{"Target": network}],
            "LogDriver": _LOG_DRIVER,
        },
        "UpdateConfig": {**_UPDATE, "FailureAction": "rollback"},
        "RollbackConfig": {**_UPDATE, "FailureAction": "pause"},
        # A virtual address needs IPVS, which many kernels lack.
        "EndpointSpec": {"Mode": "dnsrr"},
    }
    spec["Labels"][SPEC_LABEL] = hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()[:16]
    return with_replicas(spec, replicas)


def with_replicas(spec: Mapping[str, Any], replicas: int) -> dict[str, Any]:
    """Copy a spec with another number of replicas."""
    return {**spec, "Mode": {"Replicated": {"Replicas": replicas}}}


def replicas_of(spec: Mapping[str, Any]) -> int:
    """Read how many replicas a spec asks for."""
    return int(spec["Mode"]["Replicated"].get("Replicas", 0))


def function_of(service: Mapping[str, Any]) -> Function:
    """Read a deployed function from its service as Docker lists it. Raises BadRequest or KeyError if it is none."""
    spec = service["Spec"]
    return Function(
        service_id=service["ID"],
        service=spec["Name"],
        deployment=read_body(Deployment, spec["Labels"][DEPLOYMENT_LABEL]),
        replicas=replicas_of(spec),
        created_at=service["CreatedAt"],
        spec_digest=spec["Labels"][SPEC_LABEL],
        container=spec["TaskTemplate"]["ContainerSpec"],
        previous=spec["Labels"].get(PREVIOUS_LABEL, ""),
        updated=float(spec["Labels"].get(UPDATED_LABEL, 0)),
        update_state=(service.get("UpdateStatus") or {}).get("State", ""),
        taken_back=spec["Labels"].get(TAKEN_BACK_LABEL, ""),
    )


def status_of(
    function: Function, *, available: int, invocations: int, why_not: str = "", usage: Mapping[str, float] | None = None
) -> dict[str, Any]:
    """Write OpenFaaS' FunctionStatus; why the function is not ready, if that is known, is an annotation."""
    status = function.deployment.status_fields() | {
        "replicas": function.replicas,
        "availableReplicas": available,
        "invocationCount": invocations,
        "createdAt": function.created_at,
    }
    if why_not:
        status["annotations"] = {**status["annotations"], STATUS_ANNOTATION: why_not}
    return status | ({"usage": dict(usage)} if usage else {})


def _service_labels(deployment: Deployment, stack: str) -> dict[str, str]:
    return {
        **deployment.owner_labels(),
        **{ANNOTATION_PREFIX + key: value for key, value in deployment.annotations.items()},
        STACK_LABEL: stack,
        FUNCTION_LABEL: deployment.service,
        IMAGE_LABEL: deployment.image,
        DEPLOYMENT_LABEL: deployment.to_json(),
    }


def _container(deployment: Deployment, *, image: str, secrets: Mapping[str, SecretVersion]) -> dict[str, Any]:
    return {
        "Image": image,
        "Labels": {**deployment.owner_labels(), FUNCTION_LABEL: deployment.service},
        "Env": [f"{key}={value}" for key, value in sorted(_environment(deployment).items())],
        "Secrets": [_mounted(secret, secrets[secret]) for secret in dict.fromkeys(deployment.secrets)],
        "ReadOnly": deployment.read_only_root_filesystem,
        "Mounts": [{"Type": "tmpfs", "Target": "/tmp"}] if deployment.read_only_root_filesystem else [],  # noqa: S108
        "StopGracePeriod": int((traffic_of(deployment).exec_timeout + _DRAIN) * _SECOND),
        "Init": False,
        "CapabilityDrop": ["ALL"],
    }


def _environment(deployment: Deployment) -> dict[str, str]:
    process = {"fprocess": deployment.env_process} if deployment.env_process else {}
    return {**deployment.env_vars, **process, "OPENFAAS_NAME": deployment.service}


def _mounted(secret: str, version: SecretVersion) -> dict[str, Any]:
    return {
        "SecretID": version.id,
        "SecretName": version.name,
        "File": {"Name": f"{SECRETS_FOLDER}/{secret}", "UID": "0", "GID": "0", "Mode": 0o444},
    }


def _resources(deployment: Deployment) -> dict[str, Any]:
    return {
        "Limits": {**deployment.limits.amounts(field="limits"), "Pids": _PIDS},
        "Reservations": deployment.requests.amounts(field="requests"),
    }
