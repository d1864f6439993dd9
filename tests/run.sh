#!/bin/sh
# Every test, after the checks that take seconds: what needs the engine comes last and finds or installs it by itself.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python
# The order of sets decides which requests are made up: the same ones in every run.
export PYTHONHASHSEED=0

$python -m ruff check .
$python -m ruff format --check .
$python -m mypy
exec $python -m pytest --durations=40 --durations-min=5 tests/unit tests/integration tests/system tests/browser tests/cluster "$@"
