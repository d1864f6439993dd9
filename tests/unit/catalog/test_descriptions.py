"""What is left of a description in HTML can be shown as it is."""

from html.parser import HTMLParser

import pytest

from bookstore.catalog.descriptions import sanitized
from tests.unit.catalog.test_models import book, problems


class Seen(HTMLParser):
    """What a reader of HTML finds in it."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text = set(), [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


def test_paragraphs_lists_and_emphasis_stay():
    html = "<p>One <b>bold</b> and <em>one</em>.</p><ul><li>a</li><li>b</li></ul><p>H<sub>2</sub>O</p>"
    assert sanitized(html) == html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='https://example.com'>x</a>",
        "<p onclick=alert(1) style='position:fixed' class=x id=y>x</p>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mi//xlink:href='data:x,<script>alert(4)</script>'>",
        "<iframe src=//example.com></iframe>",
        "<style>p{display:none}</style>",
        "<!--<img src=--><img src=x onerror=alert(1)//>",
        "<form action=/logout><input></form>",
        "<p><noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<b><p></b><table><tr><td><script>x",
        "<meta http-equiv=refresh content=0><base href=//example.com>",
    ],
)
def test_nothing_stays_that_leads_loads_or_runs(hostile):
    seen = Seen()
    seen.feed(sanitized(hostile))
    assert seen.tags <= {"p", "b"}
    assert not seen.attributes


@pytest.mark.parametrize(
    "tags",
    [
        "".join(f"<b {number}>" for number in range(500)),
        "".join(f"<FONT/x{number}>" for number in range(500)),
        "<a><b><big><code><em><font><i><nobr><s><small><strike><strong><tt><u>" * 3 + "<p>x" * 2_500,
    ],
)
def test_tags_that_every_paragraph_would_open_again_are_refused(tags):
    with pytest.raises(ValueError, match="too many tags"):
        sanitized(f"<p>{tags}" + "<p>x" * 2_500)


def test_a_description_of_many_tags_is_none_too_many():
    html = "<ul>" + '<li><b class="x">One</b> <i>two</i></li>' * 120 + "</ul>"
    assert sanitized(html) == html.replace(' class="x"', "")
    plain = "<ul>" + "<li><b>One</b> <i>two</i></li>" * 600 + "</ul>"
    assert sanitized(plain) == plain


def test_what_is_kept_is_no_longer_than_a_description():
    with pytest.raises(ValueError, match="at most 20000"):
        sanitized("&" * 5_000)
    assert problems(description="&" * 5_000, description_format="html") == {"description"}


def test_cleaning_again_changes_nothing():
    once = sanitized("<p>a & b < c<br>d<div>e</div>")
    assert sanitized(once) == once


def test_a_description_is_text_unless_it_says_otherwise():
    assert book(description="<b>5 < 6</b>").description == "<b>5 < 6</b>"
    assert book(description="<b>x</b><script>y</script>", description_format="html").description == "<b>x</b>"
    assert book(description="<script>y</script>", description_format="html").description is None
