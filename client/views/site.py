"""What belongs to no group: the health of the shop, its help page, and its light or dark look."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from client.pages import THEME_COOKIE, THEMES, YEAR, local_path, see_other

pages = Blueprint("site", __name__)


@pages.get("/healthz")
def health() -> Response:
    """Tell that the shop serves; it does so without the API too."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@pages.get("/help")
def show_help() -> str:
    """Answer what shoppers and sellers ask."""
    return render_template("help.html")


@pages.post("/theme")
def choose_theme() -> Response:
    """Keep the look that the shopper prefers to the browser's."""
    response = see_other(local_path(request.form.get("next")))
    theme = request.form.get("theme")
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    else:
        response.delete_cookie(THEME_COOKIE)
    return response
