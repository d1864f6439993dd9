"""Covers drawn from a book's title and authors: the same book always looks the same."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from hashlib import blake2s
from html import escape
from unicodedata import east_asian_width

from markupsafe import Markup

WIDTH, HEIGHT = 400, 600
LEFT, RIGHT = 44, 372
PALETTE = (  # paper, ink; at least 7:1 apart
    ("#f0d9d1", "#4a1216"),
    ("#7a3a12", "#fff1d6"),
    ("#c9d5e7", "#14233f"),
    ("#1f2c4d", "#f3d48c"),
    ("#2b2b2a", "#e9bf52"),
    ("#5a1d2a", "#f7e0d2"),
    ("#0f4a5b", "#f7ead0"),
    ("#1f4d38", "#f4ecd4"),
    ("#e8dfce", "#2a241b"),
    ("#d5e2cf", "#1b3823"),
    ("#3c2a57", "#f1e2f7"),
    ("#ecd58f", "#382903"),
)
BOLD_EM = 0.62  # width of an average bold serif character, wide enough for the fallback fonts
SERIES = re.compile(r"\s*\([^()]*#\s*\d[^()]*\)\s*$")
ARABIC_OR_HEBREW = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


def fingerprint(title: str, authors: str) -> str:
    """Name a cover by what is drawn on it."""
    return blake2s(f"{title}|{authors}".encode(errors="replace"), digest_size=16).hexdigest()


@lru_cache(maxsize=2048)
def cover(title: str, authors: str) -> Markup:
    """Draw the cover as an SVG element that a page can hold; its colors and pattern follow from the two texts."""
    seed = bytes.fromhex(fingerprint(title, authors))
    paper, ink = PALETTE[seed[0] % len(PALETTE)]
    pattern = PATTERNS[seed[1] % len(PATTERNS)]
    return Markup(  # noqa: S704 (every text in it is escaped)
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'aria-hidden="true" focusable="false"><path fill="{paper}" d="M0 0h{WIDTH}v{HEIGHT}H0z"/>'
        f'<g fill="none" stroke="{ink}" stroke-width="2" opacity=".55">{pattern(seed)}</g>'
        f'<path fill="{ink}" opacity=".25" d="M12 0h6v{HEIGHT}h-6z"/>{_lettering(title, authors, ink)}</svg>'
    )


def _lettering(title: str, authors: str, ink: str) -> str:
    name = SERIES.sub("", title) or title
    right_to_left = bool(ARABIC_OR_HEBREW.search(name))
    size, lines = _fitted(name)
    top = 110 + size
    edge, direction = (RIGHT, ' direction="rtl"') if right_to_left else (LEFT, "")
    rule = edge - 60 if right_to_left else edge
    spans = "".join(
        f'<tspan x="{edge}" y="{top + round(index * size * 1.16)}">{_text(line)}</tspan>'
        for index, line in enumerate(lines)
    )
    below = top + round((len(lines) - 1) * size * 1.16) + 46
    return (
        f'<path fill="{ink}" d="M{rule} 64h60v4h-60z"/>'
        f'<g fill="{ink}" font-family="Georgia,Noto Serif,serif"{direction}>'
        f'<text font-size="{size}" font-weight="700">{spans}</text>'
        f'<text x="{edge}" y="{below}" font-size="20">{_text(_shortened(authors, 20))}</text></g>'
    )


def _fitted(title: str) -> tuple[int, list[str]]:
    """The largest size from 44 down to 24 px at which the title takes four lines, and the lines."""
    for size in range(44, 24, -4):
        lines = list(_wrapped(title.split(), size))
        if len(lines) <= 4 and all(_fits(line, size) for line in lines):
            return size, lines
    lines = list(_wrapped(list(_chopped(title, 24)), 24))
    return 24, lines if len(lines) <= 6 else [*lines[:5], f"{lines[5]}…"]


def _wrapped(words: list[str], size: int) -> Iterator[str]:
    line = ""
    for word in words:
        if line and not _fits(f"{line} {word}", size):
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line


def _chopped(text: str, size: int) -> Iterator[str]:
    """The words, those that are wider than the cover in pieces."""
    for word in text.split():
        piece = ""
        for sign in word:
            if not _fits(f"{piece}{sign}-", size):
                yield piece if _is_wide(sign) else f"{piece}-"
                piece = ""
            piece += sign
        yield piece


def _shortened(text: str, size: int) -> str:
    if _fits(text, size):
        return text
    kept = text
    while not _fits(f"{kept}…", size):
        kept = kept[:-1]
    return f"{kept.rstrip(' ,')}…"


def _fits(text: str, size: int) -> bool:
    return size * sum(1 if _is_wide(sign) else BOLD_EM for sign in text) <= RIGHT - LEFT


def _is_wide(sign: str) -> bool:
    return east_asian_width(sign) in "WF"


def _text(text: str) -> str:
    """Escape for XML, which has no place for control characters, escaped or not."""
    return escape("".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text))


def _bars(seed: bytes) -> str:
    return "".join(f'<path d="M{4 + index * 50} 600V{520 - seed[2 + index] // 2}h30V600"/>' for index in range(8))


def _waves(seed: bytes) -> str:
    lift = 20 + seed[2] % 30
    return "".join(f'<path d="M0 {y}q100-{lift} 200 0t200 0"/>' for y in range(380 + seed[3] % 30, 600, 22))


def _circles(seed: bytes) -> str:
    y = 470 + seed[2] % 30
    return "".join(f'<circle cx="200" cy="{y}" r="{radius}"/>' for radius in range(30, 140, 24))


def _diamonds(seed: bytes) -> str:
    steps = range(5 + seed[2] % 2)
    return "".join(
        f'<path d="M200 {y - half}l{half} {half}-{half} {half}-{half}-{half}z"/>'
        for y, half in ((360 + step * step * 7 + step * 10, 18 + step * 12) for step in steps)
    )


def _slants(seed: bytes) -> str:
    gap = 36 + seed[2] % 20
    return "".join(f'<path d="M{x} 600L{x + 190} 360"/>' for x in range(-190, 400, gap))


def _dots(seed: bytes) -> str:
    return "".join(
        f'<circle cx="{40 + column * 64}" cy="{400 + row * 52}" r="{6 + seed[2 + (row * 6 + column) % 14] % 14}"/>'
        for row in range(4)
        for column in range(6)
    )


PATTERNS: tuple[Callable[[bytes], str], ...] = (_bars, _waves, _circles, _diamonds, _slants, _dots)
