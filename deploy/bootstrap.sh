#!/bin/sh
# Make .venv, which every command runs in: the tools at checked hashes, those of further lock files given as arguments,
# and our own faas-cli. Takes no time when nothing has changed.
set -eu
cd "$(dirname "$0")/.."
root=$PWD

say() { echo "$*" >&2; }

install_packages() { # why, packages…
    why=$1
    shift
    if [ "$(id -u)" -ne 0 ]; then
        say "$why is missing: run \`apt-get install $*\` as root, then start again."
        exit 1
    fi
    say "Installing $* …"
    { apt-get -o DPkg::Lock::Timeout=300 -q -y install "$@" || {
        apt-get -q update && apt-get -o DPkg::Lock::Timeout=300 -q -y install "$@"
    }; } > /dev/null
}

make_environment() {
    command -v python3 > /dev/null || install_packages Python python3 python3-venv
    if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        say "Python 3.11 or later is needed: use Debian 12 or later, or put such a python3 on the PATH."
        exit 1
    fi
    python3 -c 'import ensurepip' 2> /dev/null || install_packages "Python's venv module" python3-venv
    say "Making the virtual environment .venv …"
    python3 -m venv --clear .venv
}

install_lock() { # lock file
    stamp=.venv/.installed-$(sha256sum "$1" | cut -c1-16)
    [ -e "$stamp" ] && return
    say "Installing what $1 names …"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$1"
    touch "$stamp"
}

install_faas_cli() {
    # -P: a folder named faas where the user happens to be is not ours.
    printf '#!/bin/sh\nPYTHONPATH="%s" exec "%s/.venv/bin/python" -P -m faas.cli "$@"\n' "$root" "$root" > .venv/bin/.faas-cli
    chmod 755 .venv/bin/.faas-cli
    mv .venv/bin/.faas-cli .venv/bin/faas-cli
}

# An environment stops working when its folder or the Python that it was made with has moved.
[ "$(.venv/bin/python -c 'import sys; print(sys.prefix)' 2> /dev/null)" = "$root/.venv" ] || make_environment
for lock in deploy/requirements.txt "$@"; do
    install_lock "$lock"
done
install_faas_cli
