"""What the provider's things are called in Swarm, and the labels that hold all of its state."""

import hashlib
import re

from faas.provider.errors import BadRequest

NAMESPACE = "openfaas-fn"

STACK_LABEL = "com.openfaas.stack"
FUNCTION_LABEL = "com.openfaas.function"
IMAGE_LABEL = "com.openfaas.image"
DEPLOYMENT_LABEL = "com.openfaas.deployment"
"""The deployment as it was sent, in JSON: what FunctionStatus echoes."""
SPEC_LABEL = "com.openfaas.spec"
"""Digest of the service spec without the replicas: tells whether a deployment changes anything."""
PREVIOUS_LABEL = "com.openfaas.previous"
"""What ran before the last deployment, for a rollback (see releases)."""
UPDATED_LABEL = "com.openfaas.updated"
"""When it took the place of another deployment, in Unix seconds."""
TAKEN_BACK_LABEL = "com.openfaas.taken-back"
"""Why the provider went back to this deployment by itself."""
ANNOTATION_PREFIX = "com.openfaas.annotations."
SECRET_LABEL = "com.openfaas.secret"  # noqa: S105
SECRET_SINCE_LABEL = "com.openfaas.secret.since"  # noqa: S105
"""When an earlier value became the current one again (RFC 3339)."""
NAME_LABEL = "faas_function"
"""Upstream's label for the function's name."""
STATUS_ANNOTATION = "com.openfaas.status"
"""Why a function is not ready: only in answers, and taken out of what is sent back."""

RESERVED_LABELS = frozenset(
    {
        STACK_LABEL,
        FUNCTION_LABEL,
        IMAGE_LABEL,
        DEPLOYMENT_LABEL,
        SPEC_LABEL,
        PREVIOUS_LABEL,
        UPDATED_LABEL,
        TAKEN_BACK_LABEL,
    }
)

# Swarm's own limits.
_SERVICE_NAME_LENGTH = 63
_SECRET_NAME_LENGTH = 64
# A dot would be taken for the begin of a namespace.
_FUNCTION_NAME = re.compile(r"[a-zA-Z0-9](?:[-_]*[a-zA-Z0-9]+)*")
_SECRET_NAME = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9._-]*[a-zA-Z0-9])?")


def service_name(function: str, *, stack: str) -> str:
    """Name a function's service. Raises BadRequest for a name that Swarm would not take."""
    if not _FUNCTION_NAME.fullmatch(function):
        raise BadRequest(f'service "{function}" is no name: letters, digits, "-" and "_", beginning and ending plainly')
    name = f"{stack}_fn-{function}"
    if len(name) > _SERVICE_NAME_LENGTH:
        raise BadRequest(f'service "{function}" is too long: with the prefix it has more than 63 characters')
    return name


def secret_name(secret: str, value: bytes, *, stack: str) -> str:
    """Name a secret by its content. Raises BadRequest for a name that Swarm would not take."""
    if not _SECRET_NAME.fullmatch(secret):
        raise BadRequest(f'"{secret}" is no name for a secret: letters, digits, "-", "_" and "."')
    name = f"{stack}_fn-secret-{secret}-{hashlib.sha256(value).hexdigest()[:8]}"
    if len(name) > _SECRET_NAME_LENGTH:
        raise BadRequest(f'"{secret}" is too long for a secret: with prefix and suffix it has more than 64 characters')
    return name


def check_namespace(namespace: str) -> None:
    """Raise BadRequest unless it is the only one there is, or empty."""
    if namespace not in ("", NAMESPACE):
        raise BadRequest(f'namespace "{namespace}" does not exist, the only one is {NAMESPACE}')
