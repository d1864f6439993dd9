"""Gives the tests in this folder `call`, which calls the handler beside them without a server and without Docker."""

import sys
from pathlib import Path

_TEMPLATES = (folder / "template" / "bookstore-python" for folder in Path(__file__).resolve().parents)
sys.path.insert(0, str(next(template for template in _TEMPLATES if template.is_dir())))

from workload.testing import call  # noqa: E402, F401
