"""What is printed: whole lines, so that parallel workers never mix theirs, and upstream's two colors."""

import sys


def say(text: str = "") -> None:
    """Print one or more whole lines at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def warn(text: str) -> None:
    """Print a line that is no part of the output."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def yellow(text: str) -> str:
    return f"\033[33m{text}\033[0m"


def red(text: str) -> str:
    return f"\033[31m{text}\033[0m"


def blue(text: str) -> str:
    return f"\033[34m{text}\033[0m"


LOGO = blue(
    r"""  ___                   _____           ____
 / _ \ _ __   ___ _ __ |  ___|_ _  __ _/ ___|
| | | | '_ \ / _ \ '_ \| |_ / _` |/ _` \___ \
| |_| | |_) |  __/ | | |  _| (_| | (_| |___) |
 \___/| .__/ \___|_| |_|_|  \__,_|\__,_|____/
      |_|

"""
)
