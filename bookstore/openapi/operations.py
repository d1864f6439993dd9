"""What each public function takes and answers; its routes stand in stack.yml, its limits in the models."""

from dataclasses import dataclass, field

from pydantic import BaseModel

from bookstore.accounts.models import (
    Credentials,
    NewUser,
    RefreshToken,
    SessionOut,
    UserOut,
    UsersOut,
    UsersQuery,
)
from bookstore.catalog.models import BookIn, BookOut, BooksOut, BooksQuery
from bookstore.fields import Nothing
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
    OrdersOut,
    OrdersQuery,
    Page,
    Paying,
    QuoteOut,
    Refunding,
    Shipping,
    StockOut,
)

IF_MATCH = "If-Match"
IF_MATCH_OR_ANY = "If-Match (or any)"
IF_NONE_MATCH = "If-None-Match"
KEY = "Idempotency-Key"
OPTIONAL_KEY = "Idempotency-Key (optional)"


@dataclass(frozen=True)
class Operation:
    """One operation; `errors` are the statuses beyond those that every operation of its kind may answer."""

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
    answer_headers: dict[str, str] = field(default_factory=dict)


_ETAG = {"ETag": "Version and stock of the book."}
_NOT_STORED = {"Cache-Control": "Always `no-store`."}

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
        errors=(401, 429),
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
    "get-profile": Operation("Accounts", "Read one's own account", UserOut),
    "list-users": Operation("Accounts", "List all users, for admins", UsersOut, query=UsersQuery, errors=(403,)),
    "list-books": Operation("Books", "Find books", BooksOut, query=BooksQuery, signed_in=False),
    "get-book": Operation(
        *("Books", "Read a book", BookOut),
        errors=(304, 404),
        signed_in=False,
        headers=(IF_NONE_MATCH,),
        answer_headers=_ETAG,
    ),
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
        *("Orders", "Give the money for one's part, or for copies of it, back", OrderOut, Refunding),
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
        "Orders", "List the movements of an order's money", EntriesOut, query=Page, errors=(404,)
    ),
    "correct-stock": Operation(
        *("Stock", "Add copies that were found, or take out what is missing", StockOut, Correction),
        status=201,
        errors=(403, 404, 409, 422),
        headers=(KEY,),
    ),
    "list-movements": Operation(
        "Stock", "List the changes of a book's stock", MovementsOut, query=Page, errors=(403, 404)
    ),
    "audit-orders": Operation("Stock", "Prove that stock and money balance, for admins", AuditOut, errors=(403,)),
    "api-docs": Operation("Documentation", "Read this description", signed_in=False),
}
