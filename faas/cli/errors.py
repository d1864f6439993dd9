"""The one way in which a verb fails."""


class CliError(Exception):
    """A verb could not do its work. The message is shown with its first letter in upper case; the exit status is 1."""
