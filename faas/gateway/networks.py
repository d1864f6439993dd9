"""Which networks this container is in."""

from ipaddress import IPv4Network
from pathlib import Path
from socket import ntohl

_ROUTES = Path("/proc/net/route")


def own_networks(table: str) -> tuple[IPv4Network, ...]:
    """Read the kernel's routes: the directly connected networks, save the one that leads out of the engine.

    Published ports come in through that one, so its addresses may be anybody's.
    """
    rows = [line.split() for line in table.splitlines()[1:] if line.strip()]
    outside = {row[0] for row in rows if int(row[1], 16) == 0}
    return tuple(_network(row) for row in rows if row[0] not in outside and int(row[2], 16) == 0)


def read_own_networks() -> tuple[IPv4Network, ...]:
    """The stack's networks, as this container sees them now."""
    return own_networks(_ROUTES.read_text())


def _network(row: list[str]) -> IPv4Network:
    address, mask = (ntohl(int(number, 16)) for number in (row[1], row[7]))
    return IPv4Network((address, mask.bit_count()))
