"""Languages as BCP 47 tags: checked by the grammar of RFC 5646 and its registry, and written as it recommends.

What a tag begins with must be a code of ISO 639. Those of three letters are in `languages.txt`: two letters that some
begin with, and every third one that follows. Those for private use, qaa to qtz, are among them.
"""

import re
from pathlib import Path

LONGEST = 35
"""Characters of the longest tag that is taken."""
PATTERN = (
    r"^[A-Za-z]{2,3}(-[A-Za-z]{3}){0,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?"
    r"(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
    r"(-[0-9A-WYZa-wyz](-[A-Za-z0-9]{2,8})+)*(-[Xx](-[A-Za-z0-9]{1,8})+)?$"
)

# Codes of two letters, which a tag must use, and those of three that mean the same: ISO 639-2, both kinds. The books'
# trade and libraries write three.
_SHORT = {
    three: two
    for two, codes in {
        "aa": "aar", "ab": "abk", "ae": "ave", "af": "afr", "ak": "aka", "am": "amh", "an": "arg", "ar": "ara",
        "as": "asm", "av": "ava", "ay": "aym", "az": "aze", "ba": "bak", "be": "bel", "bg": "bul", "bh": "bih",
        "bi": "bis", "bm": "bam", "bn": "ben", "bo": "bod tib", "br": "bre", "bs": "bos", "ca": "cat", "ce": "che",
        "ch": "cha", "co": "cos", "cr": "cre", "cs": "ces cze", "cu": "chu", "cv": "chv", "cy": "cym wel",
        "da": "dan", "de": "deu ger", "dv": "div", "dz": "dzo", "ee": "ewe", "el": "ell gre", "en": "eng",
        "eo": "epo", "es": "spa", "et": "est", "eu": "eus baq", "fa": "fas per", "ff": "ful", "fi": "fin",
        "fj": "fij", "fo": "fao", "fr": "fra fre", "fy": "fry", "ga": "gle", "gd": "gla", "gl": "glg", "gn": "grn",
        "gu": "guj", "gv": "glv", "ha": "hau", "he": "heb", "hi": "hin", "ho": "hmo", "hr": "hrv", "ht": "hat",
        "hu": "hun", "hy": "hye arm", "hz": "her", "ia": "ina", "id": "ind", "ie": "ile", "ig": "ibo", "ii": "iii",
        "ik": "ipk", "io": "ido", "is": "isl ice", "it": "ita", "iu": "iku", "ja": "jpn", "jv": "jav",
        "ka": "kat geo", "kg": "kon", "ki": "kik", "kj": "kua", "kk": "kaz", "kl": "kal", "km": "khm", "kn": "kan",
        "ko": "kor", "kr": "kau", "ks": "kas", "ku": "kur", "kv": "kom", "kw": "cor", "ky": "kir", "la": "lat",
        "lb": "ltz", "lg": "lug", "li": "lim", "ln": "lin", "lo": "lao", "lt": "lit", "lu": "lub", "lv": "lav",
        "mg": "mlg", "mh": "mah", "mi": "mri mao", "mk": "mkd mac", "ml": "mal", "mn": "mon", "mr": "mar",
        "ms": "msa may", "mt": "mlt", "my": "mya bur", "na": "nau", "nb": "nob", "nd": "nde", "ne": "nep",
        "ng": "ndo", "nl": "nld dut", "nn": "nno", "no": "nor", "nr": "nbl", "nv": "nav", "ny": "nya", "oc": "oci",
        "oj": "oji", "om": "orm", "or": "ori", "os": "oss", "pa": "pan", "pi": "pli", "pl": "pol", "ps": "pus",
        "pt": "por", "qu": "que", "rm": "roh", "rn": "run", "ro": "ron rum", "ru": "rus", "rw": "kin", "sa": "san",
        "sc": "srd", "sd": "snd", "se": "sme", "sg": "sag", "sh": "hbs", "si": "sin", "sk": "slk slo", "sl": "slv",
        "sm": "smo", "sn": "sna", "so": "som", "sq": "sqi alb", "sr": "srp", "ss": "ssw", "st": "sot", "su": "sun",
        "sv": "swe", "sw": "swa", "ta": "tam", "te": "tel", "tg": "tgk", "th": "tha", "ti": "tir", "tk": "tuk",
        "tl": "tgl", "tn": "tsn", "to": "ton", "tr": "tur", "ts": "tso", "tt": "tat", "tw": "twi", "ty": "tah",
        "ug": "uig", "uk": "ukr", "ur": "urd", "uz": "uzb", "ve": "ven", "vi": "vie", "vo": "vol", "wa": "wln",
        "wo": "wol", "xh": "xho", "yi": "yid", "yo": "yor", "za": "zha", "zh": "zho chi", "zu": "zul",
    }.items()
    for three in codes.split()
}  # fmt: skip
# Codes that were given up, and what the registry has in their place; for Serbo-Croatian, what Unicode has.
_RENAMED = {
    old: new
    for new, codes in {
        "dz": "adp", "he": "iw", "hr": "scr", "id": "in", "jv": "jw jaw", "ro": "mo mol", "sr": "scc",
        "sr-latn": "sh", "yi": "ji", "aas": "aam", "acn": "xia", "adx": "pcr", "aog": "myd", "bcg": "bgm",
        "bfy": "ppa", "bir": "bic", "bmf": "krm", "bpp": "nxu", "cax": "xba", "cir": "meg", "cmr": "cka",
        "dev": "gav", "dif": "dit", "dmw": "xrq", "drl": "bjd", "dtp": "ktr kzj kzt tdu", "duz": "guv", "ema": "uok",
        "gal": "ilw", "gdj": "kvs", "gvr": "ggn", "hle": "sca", "huw": "pmc", "iba": "blg", "jal": "hrr",
        "kak": "tne", "kdz": "ncp", "khk": "drh", "kml": "kgh", "kru": "kxl", "ktz": "aue", "kwv": "koj",
        "kxr": "pat", "kzk": "drr gli", "lcq": "ppr", "lrr": "yma", "mom": "cjr", "mry": "mst myt", "mtm": "ymt",
        "nbr": "nns", "ngt": "llo", "ngv": "nnx", "nun": "ayx", "nyc": "gti", "ola": "thw", "opa": "ibi",
        "oyb": "jeg skk thx", "phr": "pmu", "pij": "coy nts", "prs": "drw tnf", "prt": "pry", "pub": "puz",
        "quh": "cqu", "raq": "lii", "ras": "tie", "rki": "ccq ybd", "rmx": "lmm", "scv": "zir", "snz": "asd",
        "taj": "tsf", "tdf": "kgc", "tpo": "thc", "tvd": "kxe", "twm": "tkk", "tyj": "tmp", "vaj": "gfx mwj oun",
        "waw": "xkh", "weo": "tlw", "xch": "cmk", "xny": "nad", "yam": "kwq", "yug": "yuu", "zom": "yos",
    }.items()
    for old in codes.split()
}  # fmt: skip
_OF_TWO = frozenset(_SHORT.values())
_OF_THREE = dict(map(str.split, Path(__file__).with_name("languages.txt").read_text().splitlines()))


def tag(text: str) -> str:
    """Write a tag as the standard recommends: `PT-br` is `pt-BR`, `eng` is `en`, `iw` is `he`, `zh-hant` is `zh-Hant`.

    Raises ValueError for what is no tag, for a code that no language has, for a variant or an extension given twice,
    and for what becomes too long.
    """
    if not re.fullmatch(PATTERN, text):
        raise ValueError("must be a language tag, such as en or pt-BR")
    first, *others = text.lower().split("-")
    _refuse_repetition(others)
    code, *script = _code(first).split("-")
    if not _begins_with_script(others):
        others = [*script, *others]
    plain = next((place for place, part in enumerate(others) if len(part) == 1), len(others))
    made = "-".join([code, *map(_cased, others[:plain]), *others[plain:]])
    if len(made) > LONGEST:
        raise ValueError(f"must not be longer than {LONGEST} characters, as {made} is")
    return made


def _code(given: str) -> str:
    code = _SHORT.get(given, given)
    if code in _RENAMED:
        return _RENAMED[code]
    end = code[2:]
    if end not in _OF_THREE.get(code[:2], "") if end else code not in _OF_TWO:
        raise ValueError(f"must be a language tag, such as en or pt-BR: no language has the code {given}")
    return code


def _begins_with_script(parts: list[str]) -> bool:
    return bool(parts) and len(parts[0]) == 4 and parts[0].isalpha()


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
