"""Language tags by the grammar of RFC 5646."""

import pytest

from bookstore.catalog.languages import tag


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("EN", "en"),
        ("PT-br", "pt-BR"),
        ("ZH-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("sl-rozaj-BISKE-1994", "sl-rozaj-biske-1994"),
        ("de-CH-1901", "de-CH-1901"),
        ("zh-CMN-Hans-CN", "zh-cmn-Hans-CN"),
        ("en-A-BBB-X-CC", "en-a-bbb-x-cc"),
        ("de-x-PRIVATE-Ab", "de-x-private-ab"),
        ("haw", "haw"),
    ],
)
def test_a_tag_is_written_as_the_standard_recommends(given, kept):
    assert tag(given) == kept
    assert tag(kept) == kept


@pytest.mark.parametrize(
    ("three", "two"),
    [("eng", "en"), ("fre", "fr"), ("fra", "fr"), ("ger", "de"), ("ara", "ar"), ("chi", "zh"), ("ENG-us", "en-US")],
)
def test_three_letters_become_the_two_that_a_tag_must_use(three, two):
    assert tag(three) == two


@pytest.mark.parametrize(
    "wrong",
    [
        *(
            "",
            "e",
            "english",
            "en_US",
            "en-",
            "-en",
            "en--US",
            "en-USA-US-GB",
            "en-abcdefghi",
            "x-private",
            "i-klingon",
        ),
        *("en-U", "en-u", "en-a", "12", "é", "en-US-US", "en\n", "zh-Hant-Hans"),
    ],
)
def test_what_is_no_tag_is_refused(wrong):
    with pytest.raises(ValueError, match="language tag"):
        tag(wrong)


@pytest.mark.parametrize("wrong", ["de-DE-1901-1901", "en-a-bbb-a-ccc"])
def test_nothing_is_said_twice(wrong):
    with pytest.raises(ValueError, match="twice"):
        tag(wrong)
