"""Answers that say what is wrong, as RFC 9457 asks for."""

import requests


def problem(response: requests.Response, status: int, *fields: str) -> requests.Response:
    """Check that a response is a problem of this status that names these fields, and return it."""
    assert response.status_code == status, f"{response.status_code} {response.text[:500]}"
    assert response.headers["Content-Type"] == "application/problem+json"
    document = response.json()
    assert document["status"] == status
    assert document["type"] == "about:blank"
    assert document["title"]
    assert document["detail"]
    assert document["request_id"] == response.headers["X-Call-Id"]
    named = {error["field"]: error["message"] for error in document.get("errors", ())}
    assert set(fields) <= set(named), f"{named} does not name {set(fields) - set(named)}"
    assert all(named.values())
    return response
