"""Bodies of requests: JSON into a model, or the reason why not."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from faas.provider.errors import BadRequest

M = TypeVar("M", bound=BaseModel)


def read_body(model: type[M], body: bytes | str) -> M:
    """Read JSON. Raises BadRequest naming every field that is wrong."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        problems = [
            f"{'.'.join(str(step) for step in part['loc']) or 'body'}: {part['msg']}" for part in error.errors()
        ]
        raise BadRequest("; ".join(problems)) from None
