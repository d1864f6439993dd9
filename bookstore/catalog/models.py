"""What the API of the catalog takes and gives, with every limit."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator
from pydantic.config import JsonDict
from pydantic_core.core_schema import ValidationInfo

from bookstore.catalog import languages
from bookstore.catalog.descriptions import sanitized
from bookstore.catalog.isbn import isbn13
from bookstore.catalog.roles import Role, code_of, role_of
from bookstore.fields import Id, Input, Limit, Timestamp, Whole
from bookstore.text import Name, OneLine, Prose, Title

MAX_STOCK = 10**6
MAX_PRICE = 10**9
_PUBLISHED = r"^(-(?=0*[1-9]))?[0-9]{1,4}(-[0-9]{2}(-[0-9]{2})?)?$"
# 1 to 6 begin qualifiers, of place and of time for example; digits further on number what letters do not suffice for.
_SUBJECT = r"^([1-6]|[1-6]?[A-Za-z][A-Za-z0-9]{0,8})(-[A-Za-z0-9]{1,4}){0,4}$"


def _published(text: str) -> str:
    if not re.fullmatch(_PUBLISHED, text):
        raise ValueError("must be a year, a month or a day, such as 1998, 1998-05 or 1998-05-23")
    year, month, day, *_ = [*re.findall(r"[0-9]+", text), "1", "1"]
    try:
        # Every year has the days of some year that Python knows; only 29 February needs the right one.
        date(int(year) or 4, int(month), int(day))
    except ValueError as error:
        raise ValueError("is not a day of the calendar") from error
    return text


def _subject(code: str) -> str:
    if not re.fullmatch(_SUBJECT, code):
        raise ValueError("must be a Thema code, such as FBA")
    return code.upper()


Isbn = Annotated[str, StringConstraints(max_length=40), AfterValidator(isbn13)]
Language = Annotated[
    str,
    StringConstraints(max_length=languages.LONGEST),
    AfterValidator(languages.tag),
    Field(json_schema_extra={"pattern": languages.PATTERN}),
]
Published = Annotated[
    str, StringConstraints(max_length=11), AfterValidator(_published), Field(json_schema_extra={"pattern": _PUBLISHED})
]
Subject = Annotated[
    str, StringConstraints(max_length=30), AfterValidator(_subject), Field(json_schema_extra={"pattern": _SUBJECT})
]
Price = Annotated[Whole, Field(ge=0, le=MAX_PRICE)]
Format = Literal["paperback", "hardcover", "ebook", "audiobook"]
Condition = Literal["new", "like_new", "very_good", "good", "acceptable"]
OnixRole = Annotated[str, StringConstraints(pattern="^[A-FZ][0-9]{2}$")]
DescriptionFormat = Literal["text", "html"]
Sort = Literal["newest", "price", "-price", "title", "bestselling", "volume", "relevance"]


def _one_of(given: str, left_out: str) -> JsonDict:
    return {"required": [given], "properties": {given: {"type": "array"}, left_out: {"type": "null"}}}


class Contributor(Input):
    """Somebody who made the book, and as what: by name or, where that says too little, by the code of ONIX list 17."""

    name: Name
    onix_role: OnixRole | None = None
    role: Role = "author"

    @model_validator(mode="before")
    @classmethod
    def _named_by_the_code(cls, given: Any) -> Any:
        if isinstance(given, dict) and "role" not in given and isinstance(code := given.get("onix_role"), str):
            return {**given, "role": role_of(code)}
        return given

    @field_validator("role")
    @classmethod
    def _as_coded(cls, role: Role, info: ValidationInfo) -> Role:
        code = info.data.get("onix_role")
        if code is not None and role != role_of(code):
            raise ValueError(f"must be {role_of(code)} with the code {code}, or be left out")
        return role

    @property
    def code(self) -> str:
        """The code of ONIX list 17."""
        return self.onix_role or code_of(self.role)

    def kept(self) -> dict[str, str]:
        """What is kept of it: the code only where the name does not tell it."""
        told = {"name": self.name, "role": self.role}
        return told if self.code == code_of(self.role) else told | {"onix_role": self.code}


class Series(Input):
    """The series that a book belongs to, and its place there, which need not be a number."""

    title: Title
    volume: Annotated[Name, StringConstraints(max_length=20)] | None = None


class BookIn(Input):
    """A listing as its seller writes it. `authors` is a short form of `contributors`; one of the two is needed."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [_one_of("authors", "contributors"), _one_of("contributors", "authors")]},
    )

    title: Title
    subtitle: Annotated[OneLine, StringConstraints(max_length=300)] | None = None
    authors: Annotated[list[Name], Field(min_length=1, max_length=100)] | None = None
    contributors: Annotated[list[Contributor], Field(min_length=1, max_length=100)] | None = Field(
        default=None, validate_default=True
    )
    isbn13: Isbn | None = None
    publisher: Name | None = None
    published: Published | None = None
    language: Language | None = None
    format: Format | None = None
    pages: Annotated[Whole, Field(ge=1, le=100_000)] | None = None
    series: Series | None = None
    subjects: list[Subject] = Field(default_factory=list, max_length=20)
    description_format: DescriptionFormat = "text"
    description: Prose | None = None
    condition: Condition = "new"
    price_cents: Price
    stock: Annotated[Whole, Field(ge=0, le=MAX_STOCK)]

    @field_validator("contributors")
    @classmethod
    def _either_way(cls, contributors: list[Contributor] | None, info: ValidationInfo) -> list[Contributor] | None:
        given = info.data.get("authors", ())
        if contributors is None and given is None:
            raise ValueError("is required: name at least one contributor, or send authors")
        if contributors is not None and given:
            raise ValueError("cannot be sent together with authors")
        return contributors

    @field_validator("description")
    @classmethod
    def _safe(cls, description: str | None, info: ValidationInfo) -> str | None:
        if description is None or info.data.get("description_format") != "html":
            return description
        return sanitized(description) or None

    @property
    def people(self) -> list[Contributor]:
        """Everybody who made the book."""
        return self.contributors or [Contributor(name=name) for name in self.authors or ()]

    @property
    def first_author(self) -> str:
        """The name that the book is known by."""
        return next((person for person in self.people if person.role == "author"), self.people[0]).name


class BooksQuery(Input):
    """Which books to list, and in which order; without `q`, the newest come first."""

    q: Annotated[OneLine, StringConstraints(max_length=200)] | None = None
    author: Annotated[OneLine, StringConstraints(max_length=200)] | None = None
    isbn: Isbn | None = None
    seller: Id | None = None
    work: Id | None = None
    series: Annotated[OneLine, StringConstraints(min_length=1, max_length=300)] | None = None
    language: Language | None = None
    format: Format | None = None
    condition: Condition | None = None
    subject: Subject | None = None
    min_price: Price | None = None
    max_price: Price | None = None
    in_stock: bool = False
    facets: bool = False
    sort: Sort | None = None
    cursor: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,2500}$")] | None = None
    limit: Limit = 20

    @field_validator("sort")
    @classmethod
    def _volumes_of_a_series(cls, sort: Sort | None, info: ValidationInfo) -> Sort | None:
        if sort == "volume" and not info.data.get("series"):
            raise ValueError("can be volume in a series only: name it as series")
        return sort


class DatumOut(BaseModel):
    """Something that the catalog keeps of a user; `data` is as the API shows it elsewhere."""

    kind: Literal["listing", "review", "wish", "report", "import"]
    data: dict[str, Any]


class CatalogDataOut(BaseModel):
    """A page of what the catalog keeps of a user, the newest first."""

    items: list[DatumOut]
    next_cursor: str | None


class SellerOut(BaseModel):
    """Whose listing it is."""

    id: str
    name: str


class ContributorOut(BaseModel):
    """Somebody who made the book."""

    name: str
    role: Role
    onix_role: Annotated[str | None, Field(description="Where the role says less than the code of list 17.")] = None


class SeriesOut(BaseModel):
    """The book's place in a series."""

    title: str
    volume: str | None = None


class RatingOut(BaseModel):
    """What readers think of a work: the average of their stars, to two decimals, and how many readers there are."""

    average: float
    count: int


class BookOut(BaseModel):
    """A listing. Fields that are not known are left out; a list leaves out the description too."""

    id: str
    work_id: str
    title: str
    subtitle: str | None = None
    contributors: list[ContributorOut]
    isbn13: str | None = None
    publisher: str | None = None
    published: str | None = None
    language: str | None = None
    format: Format | None = None
    pages: int | None = None
    series: SeriesOut | None = None
    subjects: list[str]
    description: str | None = None
    description_format: Annotated[
        Literal["html"] | None, Field(description="Present when the description is HTML, which is safe to show.")
    ] = None
    condition: Condition
    price_cents: int
    currency: str
    stock: int
    cover_url: str
    seller: SellerOut
    rating: RatingOut | None = None
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class FacetOut(BaseModel):
    """A value that a filter may have, and how many books it would leave beside the other filters."""

    value: str
    count: int


class PriceBandOut(BaseModel):
    """Prices from `min_price` to `max_price`, as the filters take them, and how many books have one."""

    min_price: int
    max_price: int
    count: int


class FacetsOut(BaseModel):
    """The filters' values with counts, the most frequent first; a subject's values are the codes one step narrower."""

    subject: list[FacetOut]
    format: list[FacetOut]
    language: list[FacetOut]
    condition: list[FacetOut]
    price: list[PriceBandOut]
    in_stock: int


class TotalOut(BaseModel):
    """How many books there are on all pages, at least so many unless it is exact."""

    count: int
    exact: bool


class BooksOut(BaseModel):
    """A page of books. Counts come with searches, facets when they are asked for, while the search index is there.

    Where hardly anything was found, `did_you_mean` is what `q` was probably to be, `did_you_mean_author` what `author`.
    """

    items: list[BookOut]
    next_cursor: str | None
    total: TotalOut | None = None
    facets: FacetsOut | None = None
    did_you_mean: str | None = None
    did_you_mean_author: str | None = None


class SuggestionsQuery(Input):
    """What somebody has typed so far."""

    q: Annotated[OneLine, StringConstraints(max_length=200)]
    limit: Annotated[int, Field(ge=1, le=20)] = 8


class SuggestionOut(BaseModel):
    """What may be meant: the title of a book, or the name of somebody who made books."""

    kind: Literal["title", "author"]
    text: str


class SuggestionsOut(BaseModel):
    """Suggestions, the best first."""

    items: list[SuggestionOut]
