"""Every domain has the same outbox and inbox."""

from pathlib import Path
from typing import get_args

import pytest

from bookstore.database import Domain
from bookstore.migrations import statements, steps

TABLES = Path(__file__).parents[3] / "bookstore" / "events" / "tables.sql"


def normal(text: str) -> list[str]:
    return [" ".join(statement.split()) for statement in statements(text)]


WITHOUT_MIGRATIONS = pytest.mark.xfail(reason="this domain has no migrations yet", strict=True, raises=IndexError)
DOMAINS = [pytest.param(name, marks=[] if steps(name) else [WITHOUT_MIGRATIONS]) for name in get_args(Domain)]


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_first_migration_of_a_domain_makes_the_tables_of_the_events(domain):
    first = steps(domain)[0]
    assert set(normal(TABLES.read_text())) <= set(normal(first.read_text()))
