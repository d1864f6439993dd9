"""The one way in which a step of the deployment fails."""


class DeployError(Exception):
    """A step could not be done. The message says what went wrong and what to do about it, in one or two sentences."""
