"""A function as its owner asks for it: OpenFaaS' FunctionDeployment, read and checked."""

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationInfo, ValidatorFunctionWrapHandler, field_validator
from pydantic.alias_generators import to_camel

from faas.provider.errors import BadRequest
from faas.provider.names import (
    ANNOTATION_PREFIX,
    NAME_LABEL,
    NAMESPACE,
    RESERVED_LABELS,
    STATUS_ANNOTATION,
    check_namespace,
)
from faas.provider.quantities import memory_bytes, nano_cpus

# Swarm answers 500 to anything else.
_CONSTRAINT = re.compile(r"\s*[A-Za-z_][A-Za-z0-9_.-]+\s*[=!]=\s*[A-Za-z0-9:_.*()?+\[\]\\^$|/ -]+")


class Resources(BaseModel):
    """Amounts as they were written, such as `128Mi` and `100m`."""

    model_config = ConfigDict(strict=True, frozen=True)

    memory: str = ""
    cpu: str = ""

    def amounts(self, *, field: str) -> dict[str, int]:
        """Give them as Swarm does, in bytes and billionths of a core. Raises BadRequest naming the field."""
        amounts = {}
        if self.memory:
            amounts["MemoryBytes"] = memory_bytes(self.memory, field=f"{field}.memory")
        if self.cpu:
            amounts["NanoCPUs"] = nano_cpus(self.cpu, field=f"{field}.cpu")
        return amounts


class Deployment(BaseModel):
    """What a deploy or an update sends. Absent and null are the same; unknown fields are ignored, as upstream does."""

    model_config = ConfigDict(strict=True, frozen=True, alias_generator=to_camel, populate_by_name=True)

    service: str
    image: str
    namespace: str = ""
    env_process: str = ""
    env_vars: dict[str, str] = {}
    constraints: list[str] = []
    secrets: list[str] = []
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    limits: Resources = Resources()
    requests: Resources = Resources()
    read_only_root_filesystem: bool = False

    @field_validator("*", mode="wrap")
    @classmethod
    def _null_is_absent(cls, value: Any, validate: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        optional = info.field_name is not None and not cls.model_fields[info.field_name].is_required()
        if value is None and optional and info.field_name is not None:
            return cls.model_fields[info.field_name].get_default()
        return validate(value)

    @field_validator("labels", "annotations", mode="after")
    @classmethod
    def _own_additions_go(cls, sent: dict[str, str]) -> dict[str, str]:
        # Who reads a function, changes something and sends it back sends these too.
        return {key: value for key, value in sent.items() if key not in (NAME_LABEL, STATUS_ANNOTATION)}

    def to_json(self) -> str:
        """Write it so that reading it gives the same again."""
        return self.model_dump_json(by_alias=True, exclude_defaults=True)

    def owner_labels(self) -> dict[str, str]:
        """Labels that their owner sees: those sent, and the name."""
        return {**self.labels, NAME_LABEL: self.service}

    def status_fields(self) -> dict[str, Any]:
        """Echo it as FunctionStatus does: verbatim, what is unset left out, labels and annotations always there."""
        echoed = self.model_dump(by_alias=True, exclude_defaults=True, exclude={"service"})
        return echoed | {
            "name": self.service,
            "namespace": NAMESPACE,
            "labels": self.owner_labels(),
            "annotations": self.annotations,
        }


def check_deployment(deployment: Deployment) -> None:
    """Raise BadRequest for a namespace, image, label, constraint or amount that cannot work."""
    check_namespace(deployment.namespace)
    if not deployment.image:
        raise BadRequest("image is missing")
    for key in deployment.labels:
        if key in RESERVED_LABELS or key.startswith(ANNOTATION_PREFIX):
            raise BadRequest(f'label "{key}" is kept for the provider')
    for constraint in deployment.constraints:
        if not _CONSTRAINT.fullmatch(constraint):
            raise BadRequest(f'constraint "{constraint}" is not like node.labels.disk == ssd')
    limits = deployment.limits.amounts(field="limits")
    for key, amount in deployment.requests.amounts(field="requests").items():
        if amount > limits.get(key, amount):
            raise BadRequest("requests are above limits")
