"""Language tags by the grammar of RFC 5646."""

import pytest

from bookstore.catalog import languages
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
        ("und", "und"),
        ("mul", "mul"),
        ("qaa-Cyrl", "qaa-Cyrl"),
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
    ("given", "kept"),
    [
        *(("iw", "he"), ("iw-IL", "he-IL"), ("in", "id"), ("ji", "yi"), ("jw", "jv"), ("mo", "ro"), ("mol", "ro")),
        *(("scr", "hr"), ("scc", "sr"), ("kxe", "tvd")),
        *(("sh", "sr-Latn"), ("hbs", "sr-Latn"), ("sh-BA", "sr-Latn-BA"), ("sh-cyrl-RS", "sr-Cyrl-RS")),
    ],
)
def test_a_code_that_was_given_up_becomes_the_one_in_use(given, kept):
    assert tag(given) == kept
    assert tag(kept) == kept


@pytest.mark.parametrize("code", ["xx", "zz", "xyz", "aaj"])
def test_a_code_that_no_language_has_is_refused(code):
    with pytest.raises(ValueError, match=f"no language has the code {code}"):
        tag(code)


def test_every_code_in_use_is_kept_and_none_leads_to_one_that_is_not():
    for code in (*languages._SHORT.values(), *languages._RENAMED.values()):
        assert tag(tag(code)) == tag(code)


def test_what_becomes_too_long_is_refused():
    longest = "sh-a-" + "-".join(["abcdefgh"] * 3)
    assert len(longest) <= languages.LONGEST
    with pytest.raises(ValueError, match="longer than 35"):
        tag(longest)


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
