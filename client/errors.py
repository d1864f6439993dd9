"""Pages for what goes wrong; each says what to do next and keeps the basket."""

from urllib.parse import urlsplit

from flask import Flask, current_app, make_response, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from client.api import ApiError
from client.identity import SignInNeeded, call_id
from client.pages import local_path, see_other

PAUSE = 5  # seconds, when nobody says how long to wait


def register(app: Flask) -> None:
    """Answer errors with the shop's own pages."""
    app.register_error_handler(SignInNeeded, _sign_in_first)
    app.register_error_handler(ApiError, _api_refused)
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(HTTPException, _no_such_page)
    app.register_error_handler(500, lambda _: page("broken.html", 500, reference=call_id()))


def page(template: str, status: int, **values: object) -> Response:
    """An error page with its status."""
    return make_response(render_template(f"errors/{template}", **values), status)


def _sign_in_first(_: Exception) -> Response:
    back = request.full_path.rstrip("?") if request.method == "GET" else _page_before()
    return see_other(url_for("account.sign_in", next=local_path(back)))


def _page_before() -> str:
    """The page of this shop that a form was sent from."""
    return local_path(urlsplit(request.referrer or "").path)


def _api_refused(error: ApiError) -> Response:
    if error.status in {403, 404}:
        return page("not_found.html", 404)
    current_app.logger.warning("The API answered %d: %s", error.status, error)
    if error.status == 429 or error.status >= 500:
        seconds = error.retry_after or PAUSE
        template, status = ("too_many.html", 429) if error.status == 429 else ("unavailable.html", 503)
        response = page(template, status, seconds=seconds, back=_page_before())
        response.headers["Retry-After"] = str(seconds)
        return response
    return page("refused.html", error.status, message=str(error))


def _form_too_old(_: Exception) -> Response:
    return page("form_too_old.html", 400, back=_page_before())


def _no_such_page(error: HTTPException) -> Response:
    status = error.code or 500
    if status in {301, 302, 307, 308}:
        return Response.force_type(error.get_response())
    if status in {403, 404, 405}:
        response = page("not_found.html", 404 if status == 403 else status)
    else:
        response = page("refused.html", status, message=error.description)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response
