#!/bin/sh
# Pin what pyproject.toml asks for: a lock file with hashes for each image and each kind of host tool, all at the same versions.
set -eu
cd "$(dirname "$0")/.."
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check pip-tools

compile() { # output, further options of pip-compile
    output=$1
    shift
    "$tools/bin/pip-compile" --quiet --strip-extras --no-header --allow-unsafe --no-annotate \
        --no-emit-index-url --no-emit-trusted-host --no-emit-find-links "$@" -o "$output" pyproject.toml
}

pin() { # output, extras…
    output=$1
    shift
    compile "$output" --generate-hashes -c "$tools/all.txt" $(printf -- '--extra %s ' "$@")
}

compile "$tools/all.txt" --all-extras --upgrade
pin gateway-config/images/function-runtime/requirements.txt runtime
pin gateway-config/images/platform/requirements.txt platform
pin gateway-config/images/client/requirements.txt client
pin functions/set-cover/requirements.txt covers
pin deploy/requirements.txt tools
pin tests/requirements.txt dev runtime covers platform client tools
