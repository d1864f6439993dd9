"""The one door to Pillow: from whatever picture a seller sends to the sizes that a shop shows."""

import hashlib
import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from bookstore.errors import InvalidFields, UnsupportedMediaType

MEDIA_TYPE = "image/jpeg"
# A JPEG is unpacked at a fraction of its size; what unpacks in full, and a WebP several times over, gets less.
MOST_PIXELS = {"JPEG": 25_000_000, "PNG": 12_500_000, "WEBP": 12_500_000}
FEWEST = 50
LARGE, SMALL = (800, 1200), (240, 360)
_QUALITY = {LARGE: 85, SMALL: 80}


@dataclass(frozen=True)
class Picture:
    """A cover as it is kept: two JPEGs of nothing but the picture, and a name that changes with what it shows."""

    hash: str
    large: bytes
    small: bytes


def picture(content: bytes) -> Picture:
    """Make a cover of a JPEG, PNG or WebP: upright, within 800 by 1200 and within 240 by 360 pixels, never enlarged.

    Whatever else was in the file is gone: place and time, thumbnails, further frames. Raises UnsupportedMediaType for
    anything else, and InvalidFields for a picture that is too large, too small, or damaged.
    """
    large, small = _shrunk(_opened(content))
    return Picture(hashlib.sha256(large).hexdigest()[:32], large, small)


def _opened(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # Its own limit is a guess at what a machine has; ours follows below, before anything is unpacked.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            found = Image.open(BytesIO(content), formats=list(MOST_PIXELS))
    except Image.DecompressionBombError as error:
        raise InvalidFields.one("cover", "has too many pixels") from error
    except Exception as error:
        raise UnsupportedMediaType("The cover must be a JPEG, PNG or WebP picture, whatever it is called.") from error
    # A camera's JPEG that has further pictures behind the first.
    kind = "JPEG" if found.format == "MPO" else found.format or "PNG"
    if found.width * found.height > MOST_PIXELS[kind]:
        raise InvalidFields.one("cover", f"must not have more than {MOST_PIXELS[kind]} pixels as a {kind}")
    if min(found.size) < FEWEST:
        raise InvalidFields.one("cover", f"must be at least {FEWEST} pixels wide and high")
    return found


def _shrunk(found: Image.Image) -> tuple[bytes, bytes]:
    try:
        found.draft("RGB", (max(LARGE), max(LARGE)))
        shown = _on_white(found)
        # Square, as long as it may have to be turned.
        shown.thumbnail((max(LARGE), max(LARGE)), Image.Resampling.LANCZOS)
        shown.info["exif"] = found.info.get("exif", b"")
        upright = ImageOps.exif_transpose(shown)
        return _jpeg(upright, LARGE), _jpeg(upright, SMALL)
    # What Pillow raises depends on where in its code a file does not fit.
    except Exception as error:
        raise InvalidFields.one("cover", "is damaged: it cannot be unpacked") from error


def _on_white(found: Image.Image) -> Image.Image:
    """The picture without anything but its colors. At most two copies of it are in memory."""
    if found.mode.startswith("I;16"):
        # Pillow cuts off what is brighter than eight bits say: nearly everything.
        found = found.point(lambda shade: shade / 256)
    see_through = found.mode in ("P", "PA", "LA", "La", "RGBA", "RGBa") or "transparency" in found.info
    shown = found.convert("RGBA") if see_through and found.mode != "RGBA" else found
    paper = Image.new("RGB", found.size, "white")
    paper.paste(shown if see_through else shown.convert("RGB"), mask=shown if see_through else None)
    return paper


def _jpeg(found: Image.Image, size: tuple[int, int]) -> bytes:
    shown = found.copy()
    shown.thumbnail(size, Image.Resampling.LANCZOS)
    out = BytesIO()
    shown.save(out, "JPEG", quality=_QUALITY[size], optimize=True, progressive=True, exif=b"", icc_profile=None)
    return out.getvalue()
