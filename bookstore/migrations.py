"""Bring the databases up to date: `python -m bookstore.migrations`.

Each domain keeps its steps in `bookstore/<domain>/migrations/NNNN_name.sql`; they only go forward. A step's statements
end with `;` at the end of a line. MariaDB commits every DDL statement by itself, so a step that fails halfway is run
again from its start: write `IF NOT EXISTS`. What SQL cannot say is a step in Python, whose `apply` gets the connection.
"""

import runpy
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import get_args

from bookstore.database import Connection, Domain, connect, execute, fetch_all, fetch_one
from bookstore.secrets import secret

_LOCK_SECONDS = 60


def migrate(domain: Domain, db: Connection) -> list[str]:
    """Apply the steps that a domain's database has not seen; return their names.

    `db` belongs to a user who may change the schema. Raises TimeoutError when another migration does not end.
    """
    with _lock(db, domain):
        execute(
            db,
            "CREATE TABLE IF NOT EXISTS schema_migrations ("
            " name VARCHAR(100) PRIMARY KEY, applied_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6))",
        )
        seen = {row["name"] for row in fetch_all(db, "SELECT name FROM schema_migrations")}
        pending = [step for step in steps(domain) if step.stem not in seen]
        for step in pending:
            if step.suffix == ".py":
                runpy.run_path(str(step))["apply"](db)
            else:
                for statement in statements(step.read_text()):
                    execute(db, statement)
            execute(db, "INSERT INTO schema_migrations (name) VALUES (%s)", [step.stem])
    return [step.stem for step in pending]


def steps(domain: Domain) -> list[Path]:
    """The files of a domain's steps in the order of their numbers."""
    files = Path(__file__).with_name(domain).joinpath("migrations").glob("[0-9]*")
    return sorted(file for file in files if file.suffix in (".sql", ".py"))


def statements(text: str) -> Iterator[str]:
    """The statements of a step, without comment lines and the closing semicolon."""
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
    for statement in (code + "\n").split(";\n"):
        if statement.strip():
            yield statement.strip().replace("%", "%%")


@contextmanager
def _lock(db: Connection, domain: Domain) -> Iterator[None]:
    taken = fetch_one(db, "SELECT GET_LOCK(%s, %s) AS taken", [f"migrate-{domain}", _LOCK_SECONDS])
    if not taken or taken["taken"] != 1:
        raise TimeoutError(f"Another migration of {domain} has not ended within {_LOCK_SECONDS} s.")
    try:
        yield
    finally:
        fetch_one(db, "SELECT RELEASE_LOCK(%s) AS released", [f"migrate-{domain}"])


def main() -> None:
    """Migrate every domain with its own schema user (secret `<domain>-ddl-db`)."""
    for domain in get_args(Domain):
        with closing(connect(secret(f"{domain}-ddl-db"))) as db:
            for name in migrate(domain, db):
                sys.stdout.write(f"{domain}: {name}\n")


if __name__ == "__main__":
    main()
