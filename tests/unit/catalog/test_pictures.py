"""From whatever a seller sends to a cover."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from PIL import Image

from bookstore.catalog.pictures import LARGE, MOST_PIXELS, SMALL, picture
from bookstore.errors import InvalidFields, UnsupportedMediaType


def drawn(size=(600, 900), mode="RGB", color="teal", kind="PNG", **options):
    out = BytesIO()
    Image.new(mode, size, color).save(out, kind, **options)
    return out.getvalue()


def opened(content):
    return Image.open(BytesIO(content))


def png(width, height, *chunks):
    """A PNG that claims a size, made by hand."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunk(*each) for each in chunks) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_known_by_its_content_and_becomes_two_jpegs(kind):
    made = picture(drawn(size=(2000, 3000), kind=kind))
    large, small = opened(made.large), opened(made.small)
    assert (large.format, small.format) == ("JPEG", "JPEG")
    assert (large.size, small.size) == (LARGE, SMALL)


def test_the_proportions_stay_and_nothing_is_enlarged():
    assert opened(picture(drawn(size=(3000, 1000))).large).size == (800, 267)
    assert opened(picture(drawn(size=(100, 60))).large).size == (100, 60)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1"])
def test_what_can_be_seen_through_lies_on_white(mode):
    color = {"RGBA": (0, 0, 0, 0), "LA": (0, 0), "P": 0, "L": 255, "1": 1}[mode]
    options = {"transparency": 0} if mode == "P" else {}
    assert min(opened(picture(drawn(mode=mode, color=color, **options)).large).getpixel((50, 50))) > 250


def test_a_picture_of_four_printing_inks_is_shown_in_three_colors():
    assert opened(picture(drawn(mode="CMYK", color=(0, 0, 0, 0), kind="JPEG")).large).mode == "RGB"


def test_a_photograph_with_more_pictures_behind_it_is_the_first_of_them():
    out = BytesIO()
    Image.new("RGB", (600, 900), "black").save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (600, 900))])
    assert opened(out.getvalue()).format == "MPO"
    assert opened(picture(out.getvalue()).large).size == (600, 900)


def test_a_scan_of_sixteen_bits_keeps_its_shades():
    assert opened(picture(drawn(mode="I;16", color=30_000)).large).getpixel((5, 5)) == (117, 117, 117)


def test_a_picture_stands_upright_and_tells_nothing_of_where_it_was_taken():
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9C9C] = 6, "a camera", "home"
    exif.get_ifd(0x8825)[2] = (40.0, 26.0, 46.0)
    for kind in ("JPEG", "PNG", "WEBP"):
        made = picture(drawn(size=(300, 200), kind=kind, exif=exif))
        assert opened(made.large).size == (200, 300)
        assert not opened(made.large).getexif()
        assert b"Exif" not in made.large + made.small
        assert b"camera" not in made.large + made.small


def test_remarks_and_color_profiles_are_gone():
    made = picture(drawn(kind="JPEG", comment=b"a secret", icc_profile=b"x" * 1000))
    assert b"secret" not in made.large
    assert b"ICC_PROFILE" not in made.large


def test_the_name_changes_with_what_is_shown_only():
    assert picture(drawn()).hash == picture(drawn()).hash
    assert picture(drawn()).hash != picture(drawn(color="red")).hash


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"x",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"RIFF0000WEBP",
    ],
)
def test_what_is_no_picture_is_refused(other):
    with pytest.raises(UnsupportedMediaType):
        picture(other)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "PPM"])
def test_other_kinds_of_pictures_are_refused(kind):
    with pytest.raises(UnsupportedMediaType):
        picture(drawn(size=(60, 60), kind=kind))


@pytest.mark.parametrize("size", [(60_000, 60_000), (2**31 - 1, 2**31 - 1), (12_501, 1_000)])
def test_a_picture_that_unpacks_to_more_than_there_is_room_for_is_refused_unopened(size):
    assert size[0] * size[1] > MOST_PIXELS["PNG"]
    with pytest.raises((InvalidFields, UnsupportedMediaType)):
        picture(png(*size, (b"IDAT", zlib.compress(b"\0" * 10_000))))


def test_a_text_that_unpacks_to_gigabytes_is_refused():
    bomb = zlib.compress(b"\0" * 70_000_000, 9)
    with pytest.raises((InvalidFields, UnsupportedMediaType)):
        picture(png(100, 100, (b"zTXt", b"k\0\0" + bomb)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_damaged_picture_is_refused(kind):
    whole = drawn(kind=kind)
    with pytest.raises((InvalidFields, UnsupportedMediaType)):
        picture(whole[: len(whole) // 2])


def test_a_picture_too_small_to_be_a_cover_is_refused():
    with pytest.raises(InvalidFields):
        picture(drawn(size=(49, 200)))


@pytest.mark.parametrize("at", range(0, 1200, 37))
def test_a_picture_with_any_wrong_byte_is_made_or_refused_and_nothing_else(at):
    damaged = bytearray(drawn(size=(64, 64), kind="JPEG"))
    damaged[at % len(damaged)] ^= 0xFF
    with suppress(InvalidFields, UnsupportedMediaType):
        assert opened(picture(bytes(damaged)).large).format == "JPEG"
