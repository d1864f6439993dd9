"""Folio, the shop: pages for shoppers and sellers, made from what the API answers."""

from hashlib import blake2s

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from client import assets, compression, errors, logs, pages, security
from client.api import Api, HttpApi
from client.session import SealedSessions
from client.settings import Settings
from client.views import account, addresses, basket, books, checkout, links, orders, reviews, selling, site, wishes

LARGEST_FORM = 256 * 1024  # bytes


def create_app(settings: Settings | None = None, api: Api | None = None) -> Flask:
    """Make the shop; without arguments as the environment says, with its API over HTTP."""
    settings = settings or Settings.from_environment()
    app = Flask(__name__, static_folder=None)
    app.config.from_mapping(
        SECRET_KEY=blake2s(settings.session_keys[0].encode(), person=b"csrf").hexdigest(),
        SESSION_COOKIE_NAME="folio",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,  # A form is good for as long as its session.
        MAX_CONTENT_LENGTH=LARGEST_FORM,
    )
    app.extensions["settings"] = settings
    app.extensions["api"] = api or HttpApi(settings.api_url)
    app.session_interface = SealedSessions(settings.session_keys)
    # The gateway's HAProxy is the one proxy in front: it sets both headers itself.
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    CSRFProtect(app)
    for part in (logs, assets, compression, security, errors, pages):
        part.register(app)
    for group in (site, books, reviews, wishes, account, addresses, links, basket, checkout, orders, selling):
        app.register_blueprint(group.pages)
    return app
