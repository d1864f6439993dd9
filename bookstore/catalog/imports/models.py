"""What the API of imports takes and gives, with every limit."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, field_validator
from pydantic_core.core_schema import ValidationInfo

from bookstore.catalog.models import MAX_STOCK, Condition, Format, Language, Price
from bookstore.fields import Input, Limit, NumberedQuery, Timestamp, Whole
from bookstore.text import Name, OneLine

MOST_PARTS = 256
PART_BYTES = 1024 * 1024

Column = Literal[
    "sku",
    "isbn13",
    "title",
    "subtitle",
    "authors",
    "contributors",
    "publisher",
    "published",
    "language",
    "format",
    "pages",
    "series",
    "volume",
    "subjects",
    "description",
    "description_format",
    "condition",
    "price",
    "price_cents",
    "stock",
]
"""The columns of a CSV file of ours. `price` is in units with a decimal point, `price_cents` in minor units."""

Status = Literal["receiving", "checking", "checked", "running", "done", "failed"]


class CsvIn(Input):
    """How a CSV file is to be read. Without `columns` its first line has our names."""

    encoding: Literal["utf-8", "latin-1"] = "utf-8"
    delimiter: Literal[",", ";", "\t", "|"] = ","
    columns: (
        Annotated[
            dict[Column, Annotated[OneLine, StringConstraints(min_length=1, max_length=200)]],
            Field(min_length=1, description="Which column of theirs holds which of ours; others are left alone."),
        ]
        | None
    ) = Field(default=None)
    author_separator: Annotated[OneLine, StringConstraints(min_length=1, max_length=5)] = ";"
    series_in_title: Annotated[bool, Field(description='Whether titles end in their series: "Emma (Novels, #4)".')] = (
        False
    )
    wrong_isbn: Annotated[
        Literal["refuse", "drop"], Field(description="Whether a wrong ISBN refuses its row or is only left out.")
    ] = "refuse"


class DefaultsIn(Input):
    """What a new listing gets where the file says nothing."""

    price_cents: Price | None = None
    stock: Annotated[Whole, Field(ge=0, le=MAX_STOCK)] | None = None
    condition: Condition | None = None
    format: Format | None = None
    language: Language | None = None
    publisher: Name | None = None


class ImportIn(Input):
    """The file that is to come: its format, and in how many parts of at most 1 MiB."""

    format: Literal["csv", "onix"]
    parts: Annotated[Whole, Field(ge=1, le=MOST_PARTS)]
    csv: CsvIn = Field(default_factory=CsvIn)
    defaults: DefaultsIn = Field(default_factory=DefaultsIn)

    @field_validator("csv")
    @classmethod
    def _for_csv_only(cls, csv: CsvIn, info: ValidationInfo) -> CsvIn:
        if info.data.get("format") == "onix" and csv.model_fields_set:
            raise ValueError("is about files of the format csv")
        return csv


class ProblemsQuery(NumberedQuery):
    """Which page of what is wrong in a file."""

    limit: Limit = 100


class CountsOut(BaseModel):
    """What became of the file's rows; while they are worked off, of those so far."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    refused: int = 0


class FailureOut(BaseModel):
    """Why the whole file cannot be read."""

    line: int
    reason: str


class ImportOut(BaseModel):
    """An import. `check` is what would be done, `run` what was done; `read_bytes` tell how far either is."""

    id: str
    format: Literal["csv", "onix"]
    status: Status
    parts: int
    parts_received: int
    file_bytes: int
    read_bytes: int
    check: CountsOut | None = None
    run: CountsOut | None = None
    failure: FailureOut | None = None
    problems_left_out: Annotated[
        int | None, Field(description="How many problems there are beyond those that are kept to be read.")
    ] = None
    created_at: Timestamp
    updated_at: Timestamp

    def to_json(self) -> dict[str, Any]:
        """The import without what is not known yet."""
        return self.model_dump(exclude_none=True)


class ImportsOut(BaseModel):
    """A page of imports, the newest first."""

    items: list[ImportOut]
    next_cursor: str | None


class ImportProblemOut(BaseModel):
    """Something wrong in the file: its row was refused, or only lost what is named."""

    line: int
    field: str
    reason: str
    refused: bool


class ImportProblemsOut(BaseModel):
    """A page of problems in the order of the file."""

    items: list[ImportProblemOut]
    next_cursor: str | None
