"""Why the provider refuses.

ProviderError
├── BadRequest        400  the caller can mend it
├── NotFound          404
├── Conflict          409
├── Unprocessable     422  parameters of the logs
├── NotImplementedYet 501
├── BadGateway        502  a function broke off
├── Unavailable       503  try again later
└── UpstreamTimeout   504  a function took too long
"""


class ProviderError(Exception):
    """An answer other than success: its status, and a reason meant for the person who reads it."""

    status = 500

    @property
    def reason(self) -> str:
        """The text without the percent sign, which faas-cli garbles."""
        return str(self).replace("%", " percent")


class BadRequest(ProviderError):
    """The request itself is wrong."""

    status = 400


class NotFound(ProviderError):
    """What it names does not exist here."""

    status = 404


class Conflict(ProviderError):
    """What exists stands in the way."""

    status = 409


class Unprocessable(ProviderError):
    """A query parameter cannot be read."""

    status = 422


class NotImplementedYet(ProviderError):
    """OpenFaaS knows this; the provider does not offer it."""

    status = 501


class BadGateway(ProviderError):
    """The function broke off before it answered."""

    status = 502


class Unavailable(ProviderError):
    """It would work at another time."""

    status = 503


class UpstreamTimeout(ProviderError):
    """The function did not answer in its time."""

    status = 504
