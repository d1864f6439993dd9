"""Descriptions that are HTML: what is left of them can be shown as it is."""

_TAGS = {
    *("p", "br", "b", "strong", "i", "em", "u", "sub", "sup", "cite", "q"),
    *("blockquote", "ul", "ol", "li", "dl", "dt", "dd", "h3", "h4", "h5", "h6"),
}


def sanitized(html: str) -> str:
    """Keep paragraphs, lists and emphasis; drop everything else of the markup, and with scripts and styles their text.

    Nothing that is kept has an attribute, so nothing in it can lead anywhere, load anything or look like the page.
    """
    # Programs that only read listings, or load plain ones, do without the library.
    import nh3

    return nh3.clean(html, tags=_TAGS, attributes={}, link_rel=None).strip()
