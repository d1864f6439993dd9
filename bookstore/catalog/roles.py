"""What somebody did for a book: the API's few names, and the codes of ONIX list 17 that they stand for.

Many codes share a name, so a listing keeps the code wherever the name alone would lose it.
"""

from typing import Literal, get_args

Role = Literal[
    "author",
    "editor",
    "translator",
    "illustrator",
    "photographer",
    "narrator",
    "foreword",
    "introduction",
    "afterword",
    "compiler",
    "adapter",
    "contributor",
]
ROLES: tuple[Role, ...] = get_args(Role)

_CODE_OF: dict[Role, str] = {
    "author": "A01",
    "editor": "B01",
    "translator": "B06",
    "illustrator": "A12",
    "photographer": "A13",
    "narrator": "E07",
    "foreword": "A23",
    "introduction": "A24",
    "afterword": "A19",
    "compiler": "C01",
    "adapter": "B05",
    "contributor": "Z99",
}
# Only who wrote the text itself is an author: somebody else's memoir, notes or commentary may come first in a message.
_ALSO: dict[Role, tuple[str, ...]] = {
    "author": ("A02", "A03", "A04", "A05", "A06", "A09", "A14", "A31", "A38", "A42", "A45", "A99"),
    "editor": (
        *("B02", "B09", "B10", "B11", "B12", "B13", "B14", "B15", "B16", "B18", "B19", "B20", "B21", "B23", "B24"),
        *("B26", "B29", "B31"),
    ),
    "translator": ("B08", "B32"),
    "illustrator": ("A07", "A35", "A40", "A46", "A47"),
    "photographer": ("A08", "F01"),
    "narrator": ("E03",),
    "foreword": ("A15", "A16"),
    "introduction": ("A29",),
    "afterword": ("A22",),
    "compiler": ("C02", "C03", "C04", "C99"),
    "adapter": ("B03", "B04", "B07", "B22", "B25", "B36", "B99"),
}
_ROLE_OF: dict[str, Role] = {code: role for role, code in _CODE_OF.items()} | {
    code: role for role, codes in _ALSO.items() for code in codes
}


def role_of(code: str) -> Role:
    """The name for a code of list 17; one that no name fits better makes a contributor."""
    return _ROLE_OF.get(code, "contributor")


def code_of(role: Role) -> str:
    """The code that a name stands for when no other is given."""
    return _CODE_OF[role]
