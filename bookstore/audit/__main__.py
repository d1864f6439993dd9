"""`python -m bookstore.audit [--repair] [--patience SECONDS]`: print every line; exit 1 when one does not hold.

`--repair` makes copies what their sources say. It never touches money, nor what is a source itself.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace

from bookstore.audit import copies, names, sales, search
from bookstore.catalog.audit import CHECKS as OF_CATALOG
from bookstore.catalog.search.remote import RemoteIndex, search_service
from bookstore.clock import now
from bookstore.database import Domain, connection, unhurried
from bookstore.events.outbox import ALL_PUBLISHED
from bookstore.orders.audit import CHECKS as OF_ORDERS
from bookstore.orders.audit import keep_audit
from bookstore.proofs import ANSWER_SECONDS, Check, Line, prove

PATIENCE = 60.0
_CHECKS: dict[Domain, tuple[Check, ...]] = {"accounts": (ALL_PUBLISHED,), "catalog": OF_CATALOG, "orders": OF_ORDERS}


def audit(*, patience: float = PATIENCE, repair: bool = False, index: RemoteIndex | None = None) -> Iterator[Line]:
    """Prove everything, line by line; with `repair`, copies that differ are made equal before they are compared again.

    Events on their way are waited for, `patience` seconds at the most. Nothing is told of an `index` that is not given.
    """
    misnamed, waited = names.differences(patience=patience)
    if misnamed and repair:
        names.repair(misnamed)
        yield Line(f"called again as their accounts do: {', '.join(misnamed)}")
        misnamed, _ = names.differences(patience=0)
    yield Line("names in the catalog = accounts, for everybody who sells or reviews", misnamed)
    wrong, longer = copies.differences(patience=max(0.0, patience - waited))
    waited += longer
    if wrong and repair:
        copies.repair(wrong)
        yield Line(f"repaired from their source: {', '.join(wrong)}")
        wrong, _ = copies.differences(patience=patience)
    yield Line(f"catalog = orders, for every book (waited {waited:.0f} s for events on their way)", list(wrong))
    unlike = sales.differences(patience=max(0.0, patience - waited))
    if unlike and repair:
        sales.repair(unlike)
        yield Line(f"told again of orders: {', '.join(unlike)}")
        unlike = sales.differences(patience=0)
    yield Line("sales in the catalog = what was ordered and paid, and is kept, for every order", unlike)
    if index:
        behind = search.differences(index, patience=max(0.0, patience - waited))
        if behind and repair:
            search.repair(behind)
            yield Line(f"told the search index again of: {', '.join(behind.values())}")
            behind = search.differences(index, patience=max(patience, search.TAKEN_IN_WITHIN))
        yield Line("search index = catalog, for every book", list(behind.values()))
    for domain, checks in _CHECKS.items():
        for line in prove(connection(domain), checks, at=now()):
            yield replace(line, name=f"{domain}: {line.name}")


def main(arguments: list[str]) -> int:
    """Print the audit, and keep it for admins; return 1 when something does not balance."""
    parser = argparse.ArgumentParser(prog="python -m bookstore.audit", description=__doc__)
    parser.add_argument("--repair", action="store_true", help="make copies what their sources say")
    parser.add_argument("--patience", type=float, default=PATIENCE, help="seconds to wait for events on their way")
    asked = parser.parse_args(arguments)
    with unhurried(ANSWER_SECONDS):
        lines = list(audit(patience=asked.patience, repair=asked.repair, index=search_service()))
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    keep_audit(lines, at=now())
    return 0 if all(line.balanced for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
