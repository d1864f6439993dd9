"""`make audit` on the live shop: it tells what is wrong by its id, and mends copies from their source."""

from tests.live import Stack
from tests.system.containers import run_inside
from tests.system.shop import Json, Person, answer


def test_a_wrong_copy_is_told_and_mended(stack: Stack, book: Json, admin: Person) -> None:
    url, sql = stack.secret("catalog-db"), "UPDATE books SET stock = 99 WHERE id = %s"
    damage = f"execute(connect({url!r}), {sql!r}, [{book['id']!r}])"
    run_inside(stack.network, f"from bookstore.database import connect, execute\n{damage}")
    found = stack.audit("--patience", "2")
    assert (found.returncode, book["id"] in found.stdout) == (1, True), found.stdout
    mended = stack.audit("--repair", "--patience", "2")
    assert mended.returncode == 0, mended.stdout
    assert admin.shop.book(book["id"])["stock"] == 5


def test_admins_and_nobody_else_read_the_audit(stack: Stack, admin: Person, buyer: Person) -> None:
    audited = stack.audit()
    assert "search index = catalog" in audited.stdout
    proved = admin.reads("/audit")
    assert proved["balanced"], proved
    assert [line["name"] for line in proved["whole"]["lines"] if line["balanced"]] == [
        line.removeprefix("ok   ") for line in audited.stdout.splitlines() if line.startswith("ok   ")
    ]
    answer(buyer.send("GET", "/audit"), 403)
