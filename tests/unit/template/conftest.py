"""The template as a function's process has it: its folder on the path."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "template" / "bookstore-python"))
