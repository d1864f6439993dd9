"""Every domain has the same outbox, and the same inbox if its consumers ask it."""

from pathlib import Path
from typing import get_args

import pytest

from bookstore.database import Domain
from bookstore.migrations import statements, steps

TABLES = Path(__file__).parents[3] / "bookstore" / "events" / "tables.sql"


def normal(text: str) -> list[str]:
    return [" ".join(statement.split()) for statement in statements(text)]


@pytest.mark.parametrize("domain", get_args(Domain))
def test_the_first_migration_of_a_domain_makes_the_tables_of_the_events(domain):
    first = steps(domain)[0]
    assert set(normal(TABLES.read_text())) <= set(normal(first.read_text()))


@pytest.mark.parametrize("domain", get_args(Domain))
def test_a_domain_has_an_inbox_as_long_as_a_consumer_asks_it(domain):
    made = [statement for step in steps(domain) for statement in normal(step.read_text()) if " inbox" in statement]
    asked = [path for path in steps(domain)[0].parents[1].rglob("*.py") if "events.inbox" in path.read_text()]
    assert made[-1].startswith("CREATE" if asked else "DROP")
