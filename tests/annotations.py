"""OpenFaaS' annotations as keywords."""

import re


def named(**annotations: str) -> dict[str, str]:
    """Annotations by name: `retry_max_wait` is `com.openfaas.retry.max-wait`, and `batch_size` likewise."""
    return {
        re.sub("^(retry|batch)_", r"com.openfaas.\1.", key).replace("_", "-"): text for key, text in annotations.items()
    }
