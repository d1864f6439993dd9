import pytest

from faas.provider.errors import BadRequest
from faas.provider.routes import Route, parse_routes, refuse_overlaps


def test_several_routes_are_declared_with_commas():
    assert parse_routes("GET /api/openapi.json, GET /api/docs") == (
        Route("GET", "/api/openapi.json"),
        Route("GET", "/api/docs"),
    )


def test_no_declaration_is_no_route():
    assert parse_routes("") == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GET /api/books", "GET /api/books"),
        ("GET /api/books/{id}", "GET /api/books/{book}"),
        ("GET /api/books/{id}", "GET /api/books/new"),
        ("GET /api/{kind}/new", "GET /api/books/{id}"),
    ],
)
def test_routes_overlap_when_a_request_fits_both(one, other):
    (first,), (second,) = parse_routes(one), parse_routes(other)
    assert first.overlaps(second)
    assert second.overlaps(first)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GET /api/books", "POST /api/books"),
        ("GET /api/books", "GET /api/books/{id}"),
        ("GET /api/users/me", "GET /api/users/you"),
        ("POST /api/orders/{id}/pay", "POST /api/orders/{id}/ship"),
    ],
)
def test_routes_that_no_request_fits_both_live_together(one, other):
    (first,), (second,) = parse_routes(one), parse_routes(other)
    assert not first.overlaps(second)


def test_an_overlap_is_refused_with_the_name_of_the_owner():
    with pytest.raises(BadRequest, match="get-book"):
        refuse_overlaps(parse_routes("GET /api/books/{x}"), owned={"get-book": parse_routes("GET /api/books/{id}")})


@pytest.mark.parametrize(
    "declared",
    [
        "/api/books",
        "FETCH /api/books",
        "GET /books",
        "GET /api/",
        "GET /api/a b",
        "GET /api/books/",
        "GET /api/{}",
        "GET /api/x*",
        "GET /api/$(id)",
    ],
)
def test_a_route_that_cannot_be_served_is_refused(declared):
    with pytest.raises(BadRequest, match=r"http\.route"):
        parse_routes(declared)
