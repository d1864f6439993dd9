"""What the API of reviews, wishes and sales takes and gives, with every limit."""

import re
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, field_validator
from pydantic_core.core_schema import ValidationInfo

from bookstore.catalog.models import BookOut
from bookstore.clock import now
from bookstore.fields import Input, Limit, PageQuery, Timestamp, Whole
from bookstore.text import Name, Prose

_DAY = r"^(19|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$"


def _day(value: Any) -> Any:
    """Of a text, take a day and nothing else: it might be a number of seconds."""
    if isinstance(value, str) and not re.fullmatch(_DAY, value):
        raise ValueError("must be a day, such as 2026-01-31")
    return value


Day = Annotated[date, BeforeValidator(_day), Field(json_schema_extra={"pattern": _DAY})]
"""A day of the calendar, as ISO 8601 writes it, from 1900 to 2999."""

Reason = Annotated[Name, StringConstraints(max_length=300)]
"""Why somebody does something, in one line."""


class ReviewIn(Input):
    """What a reader thinks of a work: one to five stars, and why."""

    rating: Annotated[Whole, Field(ge=1, le=5)]
    text: Annotated[Prose, StringConstraints(max_length=5_000)] | None = None


class Reporting(Input):
    """Why a review should not be shown."""

    reason: Reason


class Moderation(Input):
    """What an admin decides about a review, and why."""

    hidden: bool
    reason: Reason


class ReportedQuery(PageQuery):
    """Which reviews an admin looks at: those that somebody reported since the last decision, or those hidden."""

    status: Literal["reported", "hidden"] = "reported"


class Wishing(Input):
    """Whether the reader wants to be told as soon as there is a copy for them."""

    tell_me: bool = False


class BestsellersQuery(Input):
    """The days up to now whose sales count."""

    days: Annotated[int, Field(ge=1, le=365)] = 30
    limit: Limit = 20


class SalesQuery(Input):
    """The first and the last day, in UTC; without them the thirty days up to today. `by` is what a line is about."""

    since: Day | None = None
    until: Annotated[Day | None, Field(validate_default=True)] = None
    by: Literal["day", "title"] = "day"
    cursor: Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,18}\.[A-Za-z0-9_-]{1,64}$")] | None = None
    limit: Limit = 100

    @field_validator("until")
    @classmethod
    def _after_the_first(cls, until: date | None, info: ValidationInfo) -> date | None:
        since = info.data.get("since")
        if since and since > (until or now().date()):
            raise ValueError("must not be before since; without it, today is meant")
        return until

    @property
    def first_and_last(self) -> tuple[date, date]:
        """The period's first and last day."""
        last = self.until or now().date()
        return self.since or last - timedelta(29), last


class AuthorOut(BaseModel):
    """Who wrote a review; somebody whose account is gone has no name."""

    name: str | None = None


class ReviewOut(BaseModel):
    """A review by somebody who bought the work."""

    id: str
    work_id: str
    rating: int
    text: str | None = None
    author: AuthorOut
    created_at: Timestamp
    updated_at: Timestamp


class OwnReviewOut(ReviewOut):
    """A review as its writer sees it: shown, taken back, hidden by an admin for a reason, or without a purchase."""

    status: Literal["shown", "withdrawn", "hidden", "not_bought"]
    reason: str | None = None


class ReviewsOut(BaseModel):
    """A page of a work's reviews, the newest first."""

    items: list[ReviewOut]
    next_cursor: str | None


class ReportOut(BaseModel):
    """Why somebody wants a review not to be shown."""

    user_id: str
    reason: str
    at: Timestamp


class OwnReportOut(BaseModel):
    """A report as who gave it sees it, until an admin has decided."""

    review_id: str
    reason: str
    at: Timestamp


class ModeratedOut(OwnReviewOut):
    """A review as admins see it, with the newest reports since the last decision; `report_count` counts all of them."""

    user_id: str
    reports: list[ReportOut]
    report_count: int


class ModeratedReviewsOut(BaseModel):
    """A page of reviews to decide about, the newest first."""

    items: list[ModeratedOut]
    next_cursor: str | None


class WishOut(BaseModel):
    """A wish; `book` is the offer that is to be had for least, or would be, and absent when nobody offers the work."""

    work_id: str
    title: str
    tell_me: bool
    told_at: Timestamp | None = None
    created_at: Timestamp
    book: BookOut | None = None


class WishesOut(BaseModel):
    """A page of the reader's wishes, the newest first."""

    items: list[WishOut]
    next_cursor: str | None


class BestsellerOut(BaseModel):
    """A work that sells: how many copies buyers kept, and the offer that is to be had for least."""

    sold: int
    book: BookOut


class BestsellersOut(BaseModel):
    """The works that sold most; there is one page of them."""

    items: list[BestsellerOut]
    next_cursor: str | None


class FiguresOut(BaseModel):
    """Copies sold and taken back, and their price; the price of delivery is not among it."""

    sold_copies: int
    sold_cents: int
    returned_copies: int
    returned_cents: int


class SalesLineOut(FiguresOut):
    """The figures of a day, or of a listing under the title that it sold by."""

    day: Annotated[str, Field(json_schema_extra={"format": "date"})] | None = None
    book_id: str | None = None
    title: str | None = None


class SalesOut(BaseModel):
    """A page of a seller's figures and those of the whole period: days as they came, titles by what they brought in."""

    items: list[SalesLineOut]
    total: FiguresOut
    currency: str
    next_cursor: str | None
