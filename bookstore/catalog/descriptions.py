"""Descriptions that are HTML: what is left of them can be shown as it is."""

import re

from bookstore.text import LONGEST_PROSE

_TAGS = {
    *("p", "br", "b", "strong", "i", "em", "u", "sub", "sup", "cite", "q"),
    *("blockquote", "ul", "ol", "li", "dl", "dt", "dd", "h3", "h4", "h5", "h6"),
}
# Those that HTML opens again in every further paragraph until they are closed, at most three alike of each.
_REOPENED = re.compile(r"(?i)<(a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?:([\s/])|>)")
_MOST_REOPENED = 200_000


def sanitized(html: str) -> str:
    """Keep paragraphs, lists and emphasis; drop everything else of the markup, and with scripts and styles their text.

    Nothing that is kept has an attribute, so nothing in it can lead anywhere, load anything or look like the page.
    Raises ValueError for markup that HTML makes thousands of pages of, and for what is longer than a description then.
    """
    tags = _REOPENED.findall(html)
    # Attributes make them differ from each other, and each counts.
    open_at_once = 3 * len({name.lower() for name, _ in tags}) + sum(bool(more) for _, more in tags)
    if open_at_once * html.count("<") > _MOST_REOPENED:
        raise ValueError("has too many tags")
    # Programs that only read listings, or load plain ones, do without the library.
    import nh3

    clean = nh3.clean(html, tags=_TAGS, attributes={}, link_rel=None).strip()
    if len(clean) > LONGEST_PROSE:
        raise ValueError(f"should have at most {LONGEST_PROSE} characters, written as HTML writes them")
    return clean
