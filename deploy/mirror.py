"""Where the host's own apt gets Debian from, so that images come from the same place."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_APT = Path("/etc/apt")
# What the mirror's clients need to know; everything else in the host's configuration is the host's own matter.
_HOST_OPTIONS = re.compile(r'^Acquire::(Check-Valid-Until|Check-Date|(https?|ftp)::Proxy(::.*)?) ".*";$')


@dataclass(frozen=True)
class Source:
    """One archive: its address and one of its suites."""

    uri: str
    suite: str


def sources_for(release: str, apt: Path = _APT) -> str:
    """The lines of a sources.list for a Debian release on the host's mirrors; empty where they do not have Debian."""
    found = list(_sources(apt))
    archive = next((s.uri for s in found if _is_archive(s)), None)
    security = next((s.uri for s in found if s.suite.endswith("-security") and "debian" in s.uri), None)
    if archive is None:
        return ""
    lines = [f"deb {archive} {release} main", f"deb {archive} {release}-updates main"]
    if security is not None:
        lines.append(f"deb {security} {release}-security main")
    return "\n".join(lines) + "\n"


def host_options() -> list[str]:
    """The host's apt options that its mirror calls for: proxies, and whether it is a snapshot of another day."""
    dump = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=False).stdout
    return [line for line in dump.splitlines() if _HOST_OPTIONS.match(line)]


def _is_archive(source: Source) -> bool:
    path = source.uri.rstrip("/")
    return path.endswith("/debian") and not source.suite.endswith(("-security", "-backports", "/"))


def _sources(apt: Path) -> Iterator[Source]:
    folder = apt / "sources.list.d"
    for file in [apt / "sources.list", *sorted(folder.glob("*.list")), *sorted(folder.glob("*.sources"))]:
        if file.is_file():
            read = _deb822 if file.suffix == ".sources" else _one_line
            yield from read(file.read_text(errors="replace"))


def _one_line(text: str) -> Iterator[Source]:
    for line in text.splitlines():
        match = re.match(r"\s*deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+(\S+)", line)
        if match:
            yield Source(match[1], match[2])


def _deb822(text: str) -> Iterator[Source]:
    for paragraph in re.split(r"\n\s*\n", text):
        lines = [line for line in paragraph.splitlines() if not line.startswith("#")]
        fields = dict(re.findall(r"^([\w-]+):\s*(.*(?:\n[ \t].*)*)", "\n".join(lines), re.MULTILINE))
        if "deb" in fields.get("Types", "").split() and fields.get("Enabled", "yes").strip().lower() != "no":
            for uri in fields.get("URIs", "").split():
                for suite in fields.get("Suites", "").split():
                    yield Source(uri, suite)
