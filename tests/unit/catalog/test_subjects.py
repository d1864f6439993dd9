"""The tree of subjects."""

from bookstore.catalog.models import BookIn
from tests.handlers import call
from tests.unit.catalog.test_models import book


def test_every_subject_but_the_top_ones_stands_below_another():
    items = call("list-subjects").body["items"]
    codes = [item["code"] for item in items]
    assert codes == sorted(set(codes))
    assert {item["parent"] for item in items if "parent" in item} <= set(codes)
    assert [code for code in codes if len(code) == 1] == list("ACDFGJKLMNPQRSTUVWXY")
    assert all(item["name"]["en"] and item["name"]["es"] for item in items)


def test_the_subjects_below_one_can_be_asked_for():
    items = call("list-subjects", query={"parent": "f"}).body["items"]
    assert {item["parent"] for item in items} == {"F"}
    assert "FL" in {item["code"] for item in items}
    assert call("list-subjects", query={"parent": "B"}).body == {"items": [], "next_cursor": None}


def test_what_is_no_subject_is_refused():
    assert call("list-subjects", query={"parent": "FL"}).fields == {"parent"}
    assert call("list-subjects", query={"lang": "en"}).fields == {"lang"}


def test_every_code_can_be_a_listings_subject():
    codes = [item["code"] for item in call("list-subjects").body["items"]]
    listings = [book(subjects=codes[at : at + 20]) for at in range(0, len(codes), 20)]
    assert all(isinstance(listing, BookIn) for listing in listings)
