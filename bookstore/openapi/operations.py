"""What each public function takes and answers; its routes stand in stack.yml, its limits in the models."""

from dataclasses import dataclass, field, replace

from pydantic import BaseModel

from bookstore.accounts.models import (
    AccountDataOut,
    ActsOut,
    ActsQuery,
    Credentials,
    EmailProof,
    ForgottenPassword,
    Leaving,
    MailsOut,
    MailsQuery,
    NewUser,
    OpenSessionsOut,
    PasswordChange,
    PasswordReset,
    ProfileChange,
    Reason,
    RefreshToken,
    ResetLinkOut,
    RoleChange,
    SessionOut,
    UserOut,
    UsersOut,
    UsersQuery,
)
from bookstore.catalog.covers import CoverQuery
from bookstore.catalog.exports import ExportQuery
from bookstore.catalog.imports.models import (
    ImportIn,
    ImportOut,
    ImportProblemsOut,
    ImportsOut,
    ProblemsQuery,
)
from bookstore.catalog.models import (
    BookIn,
    BookOut,
    BooksOut,
    BooksQuery,
    CatalogDataOut,
    SuggestionsOut,
    SuggestionsQuery,
)
from bookstore.catalog.reader_models import (
    BestsellersOut,
    BestsellersQuery,
    ModeratedOut,
    ModeratedReviewsOut,
    Moderation,
    OwnReviewOut,
    ReportedQuery,
    Reporting,
    ReviewIn,
    ReviewsOut,
    SalesOut,
    SalesQuery,
    WishesOut,
    Wishing,
    WishOut,
)
from bookstore.catalog.subjects import SubjectsOut, SubjectsQuery
from bookstore.fields import Nothing, NumberedQuery, PageQuery
from bookstore.orders.models import (
    Address,
    AddressesOut,
    AddressOut,
    AuditOut,
    Basket,
    Correction,
    EntriesOut,
    Inquiry,
    MovementsOut,
    OrderOut,
    OrdersDataOut,
    OrdersOut,
    OrdersQuery,
    Paying,
    QuoteOut,
    Refunding,
    Shipping,
    StockedBooksOut,
    StockOut,
)

IF_MATCH = "If-Match"
IF_MATCH_OR_ANY = "If-Match (or any)"
IF_NONE_MATCH = "If-None-Match"
KEY = "Idempotency-Key"
OPTIONAL_KEY = "Idempotency-Key (optional)"


@dataclass(frozen=True)
class Operation:
    """One operation; `errors` are the statuses beyond those that every operation of its kind may answer.

    `media_types` are what a caller may accept in place of JSON.
    """

    tag: str
    summary: str
    answer: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    body_needed: bool = True
    query: type[BaseModel] = Nothing
    status: int = 200
    errors: tuple[int, ...] = ()
    signed_in: bool = True
    headers: tuple[str, ...] = ()
    sends: tuple[str, ...] = ()
    """Media types of a body that is no JSON."""
    gives: str = ""
    """The media type of an answer that is no JSON."""
    answer_headers: dict[str, str] = field(default_factory=dict)
    media_types: tuple[str, ...] = ()


_ETAG = {"ETag": "Version, stock and rating of the book."}
_ANSWERED_BY = {"X-Answered-By": "`index`, or `database`, which knows neither facets nor corrections."}
_NEXT_PAGE = {"Link": 'The next page, with `rel="next"`, unless this is the last one.'}
_NOT_STORED = {"Cache-Control": "Always `no-store`."}


def _public(read: Operation) -> Operation:
    """A read that anybody may make, as `bookstore.reads` answers it."""
    told = {"ETag": "What tells this answer from others.", "Cache-Control": "How long it may be kept, and by whom."}
    return replace(
        read,
        errors=(304, *read.errors),
        signed_in=False,
        headers=(IF_NONE_MATCH,),
        answer_headers=told | read.answer_headers,
    )


OPERATIONS: dict[str, Operation] = {
    "register": Operation(
        *("Accounts", "Make an account and sign in", SessionOut, NewUser),
        status=201,
        errors=(409, 429),
        signed_in=False,
        answer_headers=_NOT_STORED,
    ),
    "login": Operation(
        *("Accounts", "Sign in with e-mail address and password", SessionOut, Credentials),
        errors=(401, 403, 429),
        signed_in=False,
        answer_headers=_NOT_STORED,
    ),
    "refresh-token": Operation(
        *("Accounts", "Exchange a refresh token for new tokens", SessionOut, RefreshToken),
        errors=(401,),
        signed_in=False,
        answer_headers=_NOT_STORED,
    ),
    "logout": Operation("Accounts", "End a session", None, RefreshToken, status=204, signed_in=False),
    "logout-everywhere": Operation(
        "Accounts", "End all of one's sessions", body=Nothing, body_needed=False, status=204
    ),
    "list-sessions": Operation("Accounts", "List where one is signed in", OpenSessionsOut, query=PageQuery),
    "end-session": Operation("Accounts", "End one of one's sessions", status=204, errors=(404,)),
    "request-password-reset": Operation(
        *("Accounts", "Ask for a link to set a new password; the answer is the same for every address"),
        body=ForgottenPassword,
        status=202,
        errors=(429,),
        signed_in=False,
    ),
    "confirm-password-reset": Operation(
        *("Accounts", "Set a new password with the token of a link, and end all sessions"),
        body=PasswordReset,
        status=204,
        errors=(429,),
        signed_in=False,
    ),
    "change-password": Operation(
        *("Accounts", "Set a new password, and end all other sessions"),
        body=PasswordChange,
        status=204,
        errors=(429,),
    ),
    "verify-email": Operation(
        *("Accounts", "Confirm an address with the token of a link"),
        body=EmailProof,
        status=204,
        errors=(409, 429),
        signed_in=False,
    ),
    "request-verification": Operation(
        *("Accounts", "Have a link mailed to the address that is to be confirmed"),
        body=Nothing,
        body_needed=False,
        status=202,
        errors=(409, 429),
    ),
    "get-profile": Operation("Accounts", "Read one's own account", UserOut),
    "update-profile": Operation(
        *("Accounts", "Change one's name, or one's address once the new one is confirmed", UserOut, ProfileChange),
        errors=(409, 429),
    ),
    "delete-account": Operation(
        *("Accounts", "Delete one's account; what was paid still comes, what one has not shipped is refunded"),
        body=Leaving,
        status=204,
        errors=(409, 429),
    ),
    "download-account": Operation(
        "Accounts", "Read everything that accounts keep of one", AccountDataOut, answer_headers=_NOT_STORED
    ),
    "download-orders": Operation(
        *("Accounts", "Read every order that one has a part in, with all that happened to it", OrdersDataOut),
        query=PageQuery,
        answer_headers=_NOT_STORED,
    ),
    "download-stock": Operation(
        *("Accounts", "Read what the orders keep of every book that one ever listed", StockedBooksOut),
        query=PageQuery,
        answer_headers=_NOT_STORED,
    ),
    "download-catalog": Operation(
        *("Accounts", "Read everything that the catalog keeps of one", CatalogDataOut),
        query=PageQuery,
        answer_headers=_NOT_STORED,
    ),
    "list-users": Operation("Accounts", "List all users, for admins", UsersOut, query=UsersQuery, errors=(403,)),
    "disable-user": Operation(
        *("Accounts", "Keep somebody from signing in, for admins", UserOut, Reason),
        body_needed=False,
        errors=(403, 404, 409),
    ),
    "enable-user": Operation(
        *("Accounts", "Let somebody sign in again, for admins", UserOut, Reason),
        body_needed=False,
        errors=(403, 404),
    ),
    "change-role": Operation(
        *("Accounts", "Make somebody an admin, or a user, for admins", UserOut, RoleChange), errors=(403, 404, 409)
    ),
    "make-reset-link": Operation(
        *("Accounts", "Make a link to set a new password with, to be handed over, for admins", ResetLinkOut, Nothing),
        body_needed=False,
        status=201,
        errors=(403, 404, 409),
        answer_headers=_NOT_STORED,
    ),
    "list-acts": Operation(
        "Accounts", "List what admins did to what is not theirs, for admins", ActsOut, query=ActsQuery, errors=(403,)
    ),
    "list-mails": Operation(
        "Accounts", "List the mails to people, for admins", MailsOut, query=MailsQuery, errors=(403,)
    ),
    "list-books": _public(Operation(*("Books", "Find books", BooksOut), query=BooksQuery, answer_headers=_ANSWERED_BY)),
    "list-suggestions": _public(
        Operation(
            *("Books", "Suggest what somebody may be typing", SuggestionsOut),
            query=SuggestionsQuery,
            answer_headers=_ANSWERED_BY,
        )
    ),
    "get-book": _public(Operation(*("Books", "Read a book", BookOut), errors=(404,), answer_headers=_ETAG)),
    "create-book": Operation(
        *("Books", "Put a book on sale", BookOut, BookIn),
        status=201,
        answer_headers={"Location": "Where the book can be read.", **_ETAG},
    ),
    "update-book": Operation(
        *("Books", "Replace a listing of one's own", BookOut, BookIn),
        errors=(403, 404, 412, 428),
        headers=(IF_MATCH,),
        answer_headers=_ETAG,
    ),
    "delete-book": Operation(
        "Books", "Take a listing off the catalog", status=204, errors=(403, 404, 412, 428), headers=(IF_MATCH_OR_ANY,)
    ),
    "set-cover": Operation(
        *("Books", "Put a cover on a listing: a JPEG, PNG or WebP, whatever it is called", BookOut),
        sends=("image/jpeg", "image/png", "image/webp"),
        errors=(403, 404, 413, 415),
        answer_headers=_ETAG,
    ),
    "get-cover": _public(
        Operation(
            *("Books", "See the cover that a seller put on a listing"),
            query=CoverQuery,
            gives="image/jpeg",
            errors=(404,),
            answer_headers={
                "ETag": "The cover and its size.",
                "Cache-Control": "For good, if `v` is the cover's hash.",
            },
        )
    ),
    "delete-cover": Operation("Books", "Take the cover off a listing", status=204, errors=(403, 404)),
    "list-subjects": _public(
        Operation("Books", "Browse the upper two levels of Thema", SubjectsOut, query=SubjectsQuery)
    ),
    "start-import": Operation(
        *("Imports", "Announce a file of listings", ImportOut, ImportIn),
        status=201,
        errors=(409,),
        answer_headers={"Location": "Where the import can be read."},
    ),
    "list-imports": Operation("Imports", "List one's imports, the newest first", ImportsOut, query=PageQuery),
    "get-import": Operation("Imports", "Read how far an import is, and what was found", ImportOut, errors=(404,)),
    "list-import-problems": Operation(
        *("Imports", "Read what is wrong in a file, line by line", ImportProblemsOut),
        query=ProblemsQuery,
        errors=(404,),
    ),
    "add-import-part": Operation(
        *("Imports", "Send a part of the file; after the last one it is checked", ImportOut),
        sends=("application/octet-stream",),
        errors=(404, 409, 413),
    ),
    "run-import": Operation(
        *("Imports", "Put on sale what was checked", ImportOut, Nothing), body_needed=False, errors=(404, 409)
    ),
    "cancel-import": Operation("Imports", "Stop an import and forget its file", status=204, errors=(404,)),
    "export-books": Operation(
        *("Imports", "Download one's own listings as CSV that can be imported again"),
        query=ExportQuery,
        gives="text/csv",
        answer_headers=_NEXT_PAGE,
    ),
    "list-bestsellers": _public(
        Operation(*("Readers", "List the works that sold most lately", BestsellersOut), query=BestsellersQuery)
    ),
    "list-sales": Operation(
        *("Readers", "Read one's sales figures, by day or by title", SalesOut),
        query=SalesQuery,
        media_types=("text/csv",),
        answer_headers={"Link": f"Of CSV. {_NEXT_PAGE['Link']}"},
    ),
    "list-reviews": _public(
        Operation(*("Readers", "Read what buyers think of a work", ReviewsOut), query=PageQuery, errors=(404,))
    ),
    "get-review": Operation("Readers", "Read one's own review of a work", OwnReviewOut, errors=(404,)),
    "write-review": Operation(
        "Readers", "Review a work that one bought, or change the review", OwnReviewOut, ReviewIn, errors=(403, 404)
    ),
    "withdraw-review": Operation("Readers", "Take one's review of a work back", status=204, errors=(404,)),
    "report-review": Operation(
        "Readers", "Report a review that should not be shown", None, Reporting, status=204, errors=(404,)
    ),
    "list-moderated-reviews": Operation(
        *("Readers", "List the reviews that were reported or hidden, for admins", ModeratedReviewsOut),
        query=ReportedQuery,
        errors=(403,),
    ),
    "moderate-review": Operation(
        *("Readers", "Hide a review or show it again, for admins", ModeratedOut, Moderation), errors=(403, 404)
    ),
    "list-wishes": Operation("Readers", "List one's wishes", WishesOut, query=PageQuery),
    "add-wish": Operation(
        *("Readers", "Put a work on one's wish list, and ask to be told of copies", WishOut, Wishing),
        body_needed=False,
        errors=(404, 409),
    ),
    "remove-wish": Operation("Readers", "Take a work off one's wish list", status=204, errors=(404,)),
    "place-order": Operation(
        *("Orders", "Reserve books and place an order", OrderOut, Basket),
        status=201,
        errors=(409, 422),
        headers=(KEY,),
        answer_headers={"Location": "Where the order can be read."},
    ),
    "get-order": Operation("Orders", "Read an order, or one's part of it", OrderOut, errors=(404,)),
    "list-orders": Operation("Orders", "List what one bought or sold", OrdersOut, query=OrdersQuery, errors=(403,)),
    "pay-order": Operation(
        *("Orders", "Pay an order", OrderOut, Paying), errors=(402, 403, 404, 409, 422), headers=(KEY,)
    ),
    "cancel-order": Operation(
        *("Orders", "Cancel an order of which nothing was shipped", OrderOut, Nothing),
        body_needed=False,
        errors=(403, 404, 409),
    ),
    "ship-order": Operation(
        *("Orders", "Ship one's part of an order", OrderOut, Shipping), body_needed=False, errors=(403, 404, 409)
    ),
    "refund-order": Operation(
        *("Orders", "Give the money for one's part, or for copies of it, or an amount back", OrderOut, Refunding),
        body_needed=False,
        errors=(403, 404, 409, 422),
        headers=(OPTIONAL_KEY,),
    ),
    "quote-order": Operation("Orders", "Ask what an order would cost", QuoteOut, Inquiry),
    "list-addresses": Operation("Addresses", "List one's saved addresses", AddressesOut),
    "create-address": Operation("Addresses", "Save an address", AddressOut, Address, status=201, errors=(409,)),
    "update-address": Operation("Addresses", "Replace a saved address", AddressOut, Address, errors=(404,)),
    "delete-address": Operation("Addresses", "Delete a saved address", status=204, errors=(404,)),
    "list-payments": Operation(
        "Orders", "List the movements of an order's money", EntriesOut, query=NumberedQuery, errors=(404,)
    ),
    "correct-stock": Operation(
        *("Stock", "Add copies that were found, or take out what is missing", StockOut, Correction),
        status=201,
        errors=(403, 404, 409, 422),
        headers=(KEY,),
    ),
    "list-movements": Operation(
        "Stock", "List the changes of a book's stock", MovementsOut, query=NumberedQuery, errors=(403, 404)
    ),
    "audit-orders": Operation(
        *("Stock", "Prove that stock and money balance, and read the last audit of everything, for admins", AuditOut),
        errors=(403,),
    ),
    "api-docs": _public(Operation("Documentation", "Read this description")),
}
