"""Languages as BCP 47 tags: checked by the grammar of RFC 5646 and written as it recommends."""

import re

PATTERN = (
    r"^[A-Za-z]{2,3}(-[A-Za-z]{3}){0,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?"
    r"(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
    r"(-[0-9A-WYZa-wyz](-[A-Za-z0-9]{2,8})+)*(-[Xx](-[A-Za-z0-9]{1,8})+)?$"
)

# Codes of three letters for languages that have one of two, which a tag must use: ISO 639-2, both kinds, and what it
# means. The books' trade and libraries write three.
_SHORT = {
    three: two
    for two, codes in {
        "af": "afr", "am": "amh", "ar": "ara", "az": "aze", "be": "bel", "bg": "bul", "bn": "ben", "bo": "bod tib",
        "br": "bre", "bs": "bos", "ca": "cat", "cs": "ces cze", "cy": "cym wel", "da": "dan", "de": "deu ger",
        "el": "ell gre", "en": "eng", "eo": "epo", "es": "spa", "et": "est", "eu": "eus baq", "fa": "fas per",
        "fi": "fin", "fo": "fao", "fr": "fra fre", "fy": "fry", "ga": "gle", "gd": "gla", "gl": "glg", "gn": "grn",
        "gu": "guj", "ha": "hau", "he": "heb", "hi": "hin", "hr": "hrv", "ht": "hat", "hu": "hun", "hy": "hye arm",
        "id": "ind", "ig": "ibo", "is": "isl ice", "it": "ita", "ja": "jpn", "jv": "jav", "ka": "kat geo",
        "kk": "kaz", "km": "khm", "kn": "kan", "ko": "kor", "ku": "kur", "ky": "kir", "la": "lat", "lb": "ltz",
        "lo": "lao", "lt": "lit", "lv": "lav", "mg": "mlg", "mi": "mri mao", "mk": "mkd mac", "ml": "mal",
        "mn": "mon", "mr": "mar", "ms": "msa may", "mt": "mlt", "my": "mya bur", "nb": "nob", "ne": "nep",
        "nl": "nld dut", "nn": "nno", "no": "nor", "oc": "oci", "pa": "pan", "pl": "pol", "ps": "pus", "pt": "por",
        "qu": "que", "rm": "roh", "ro": "ron rum", "ru": "rus", "rw": "kin", "sa": "san", "sc": "srd", "sd": "snd",
        "si": "sin", "sk": "slk slo", "sl": "slv", "so": "som", "sq": "sqi alb", "sr": "srp", "su": "sun",
        "sv": "swe", "sw": "swa", "ta": "tam", "te": "tel", "tg": "tgk", "th": "tha", "ti": "tir", "tk": "tuk",
        "tl": "tgl", "tr": "tur", "tt": "tat", "ug": "uig", "uk": "ukr", "ur": "urd", "uz": "uzb", "vi": "vie",
        "wo": "wol", "xh": "xho", "yi": "yid", "yo": "yor", "zh": "zho chi", "zu": "zul",
    }.items()
    for three in codes.split()
}  # fmt: skip


def tag(text: str) -> str:
    """Write a tag as the standard recommends: `PT-br` is `pt-BR`, `eng` is `en`, `zh-hant` is `zh-Hant`.

    Raises ValueError for what is no tag, and for a variant or an extension given twice.
    """
    if not re.fullmatch(PATTERN, text):
        raise ValueError("must be a language tag, such as en or pt-BR")
    first, *others = text.lower().split("-")
    _refuse_repetition(others)
    plain = next((place for place, part in enumerate(others) if len(part) == 1), len(others))
    return "-".join([_SHORT.get(first, first), *map(_cased, others[:plain]), *others[plain:]])


def _cased(part: str) -> str:
    return part.upper() if len(part) == 2 else part.title() if len(part) == 4 and part.isalpha() else part


def _refuse_repetition(parts: list[str]) -> None:
    public = parts[: parts.index("x")] if "x" in parts else parts
    singletons = [part for part in public if len(part) == 1]
    plain = public[: public.index(singletons[0])] if singletons else public
    variants = [part for part in plain if len(part) > 4 or (len(part) == 4 and part[0].isdigit())]
    for kind in (singletons, variants):
        if len(set(kind)) < len(kind):
            raise ValueError("must not say the same thing twice")
