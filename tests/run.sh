#!/bin/sh
# Every test, after the checks that take seconds: what needs the engine comes last and finds or installs it by itself.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python

$python -m ruff check .
$python -m ruff format --check .
$python -m mypy
exec $python -m pytest tests/unit tests/integration tests/system tests/browser tests/cluster "$@"
