"""Covers drawn from titles."""

from xml.etree import ElementTree

import pytest

from client.covers import PALETTE, PATTERNS, cover, fingerprint
from tests.unit.client.fakes import make_book

SVG = "{http://www.w3.org/2000/svg}"


def luminance(color: str) -> float:
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def words_on(svg: str) -> str:
    return " ".join(ElementTree.fromstring(svg).itertext())


@pytest.mark.parametrize(("paper", "ink"), PALETTE)
def test_every_pair_of_colors_can_be_read(paper, ink):
    darker, lighter = sorted((luminance(paper), luminance(ink)))
    assert (lighter + 0.05) / (darker + 0.05) >= 7


@pytest.mark.parametrize("title", ["</text><script>alert(1)</script>", 'A & "B"', "]]>", "\x00\x08", "'\ud800'"])
def test_a_title_is_text_and_nothing_else(title):
    drawn = ElementTree.fromstring(str(cover(title, title)))
    assert {element.tag for element in drawn.iter()} <= {
        SVG + tag for tag in ("svg", "g", "path", "circle", "text", "tspan")
    }


def test_the_same_book_has_the_same_cover_and_another_book_another():
    assert cover("Emma", "Jane Austen") == cover("Emma", "Jane Austen")
    assert cover("Emma", "Jane Austen") != cover("Persuasion", "Jane Austen")


def test_books_use_all_colors_and_all_patterns():
    seeds = [bytes.fromhex(fingerprint(f"Book {number}", "")) for number in range(500)]
    assert {seed[0] % len(PALETTE) for seed in seeds} == set(range(12))
    assert {seed[1] % len(PATTERNS) for seed in seeds} == set(range(6))


def test_the_series_is_left_out_of_the_title():
    assert "Hunger Games, #1" not in words_on(cover("The Hunger Games (The Hunger Games, #1)", "Suzanne Collins"))


@pytest.mark.parametrize(
    "title", ["x", "W" * 300, "long words " * 27, "百" * 300, "Donaudampfschifffahrtsgesellschaftskapitän"]
)
def test_a_title_of_any_length_stays_on_the_cover(title):
    drawn = ElementTree.fromstring(str(cover(title, "Somebody")))
    lines = drawn.findall(f".//{SVG}tspan")
    assert 1 <= len(lines) <= 6
    assert all(int(line.attrib["y"]) < 400 for line in lines)


def test_an_arabic_title_is_set_from_the_right():
    assert 'direction="rtl"' in cover("الفيل الأزرق", "أحمد مراد")
    assert "direction" not in cover("The Blue Elephant", "Ahmed Mourad")


def test_a_cover_needs_no_style_that_the_policy_forbids():
    assert "style" not in cover("Emma", "Jane Austen")


def test_the_file_of_a_cover_is_kept_for_good_under_its_own_name_only(shopper, api):
    api.holds(make_book())
    stale = shopper.get("/covers/b1/0123.svg")
    assert stale.status_code == 302
    current = shopper.get(stale.location)
    assert current.mimetype == "image/svg+xml"
    assert "immutable" in current.headers["Cache-Control"]


OWN = "/api/books/b1/cover?v=0123456789abcdef0123456789abcdef"


def test_a_cover_that_the_seller_put_on_is_shown_instead(shopper, api):
    api.holds(make_book(cover_url=OWN))
    assert f'<img src="{OWN}&amp;size=small"' in shopper.get("/books").text
    assert f'src="{OWN}"' in shopper.get("/books/b1").text
    assert shopper.get("/covers/b1/cover.svg").location == OWN


def test_a_description_in_html_is_shown_as_it_is_and_any_other_as_text(shopper, api):
    text = "<p>One <b>bold</b> word</p>"
    api.holds(make_book(description=text, description_format="html"))
    assert text in shopper.get("/books/b1").text
    api.holds(make_book(description=text))
    assert text not in shopper.get("/books/b1").text
