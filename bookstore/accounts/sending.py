"""Send the mails that wait, one by one: each has its own tries, so one that cannot be sent holds up no other."""

import logging
import smtplib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from bookstore.accounts.links import LIFETIMES, Proof, make_link
from bookstore.accounts.mails import LINK
from bookstore.accounts.settings import mail_from, smtp_url
from bookstore.clock import now, utc
from bookstore.database import Connection, ConnectionLost, Row, connection, execute, fetch_all, transaction
from bookstore.errors import NotFound

_BATCH = 100
# A run ends in time for the next one; what is left waits for it.
_RUN_SECONDS = 15
_ANSWER_SECONDS = 5
MOST_TRIES = 8
# An old mail surprises more than it helps: a shop that gets a mail server does not send the past.
WORTH_SENDING = timedelta(days=1)
KEPT_FOR = timedelta(days=30)
_PERMANENT = range(500, 600)
_log = logging.getLogger(__name__)


def send_mails(*, at: datetime | None = None) -> dict[str, int]:
    """Send what waits, if there is a mail server, and forget what is old; return how many of each.

    A mail is claimed before it is sent, so no two replicas send it. One whose sender died in between is sent again
    after five minutes, with the same Message-ID.
    """
    moment, url = at or now(), smtp_url()
    sent = _send_all(url, moment) if url else 0
    return {"sent": sent, **transaction("accounts", lambda db: _tidy(db, moment))}


def wait_after(tries: int) -> timedelta:
    """How long a mail waits after so many tries: 5 minutes, twice as long each time, 4 hours at most."""
    return timedelta(minutes=min(5 << (tries - 1), 240))


def _tidy(db: Connection, at: datetime) -> dict[str, int]:
    return {
        "given_up": execute(
            db,
            "UPDATE mails SET status = IF(attempts, 'failed', 'kept') WHERE status = 'waiting' AND created_at < %s"
            " LIMIT 1000",
            [at - WORTH_SENDING],
        ),
        "forgotten": execute(db, "DELETE FROM mails WHERE created_at < %s LIMIT 1000", [at - KEPT_FOR]),
        "links": execute(db, "DELETE FROM mailed_tokens WHERE expires_at < %s LIMIT 1000", [at]),
    }


def _send_all(url: str, at: datetime) -> int:
    waiting = fetch_all(
        connection("accounts"),
        "SELECT * FROM mails WHERE status = 'waiting' AND next_at <= %s AND created_at > %s ORDER BY next_at LIMIT %s",
        [at, at - WORTH_SENDING, _BATCH],
    )
    sent, end = 0, time.monotonic() + _RUN_SECONDS
    if waiting:
        try:
            with _server(url) as server:
                for mail in waiting:
                    if time.monotonic() < end:
                        sent += _send(server, mail, at)
        except (OSError, smtplib.SMTPException) as error:
            # The mail that this came with has a later time now; the others wait for the next run.
            _log.warning("the mail server does not answer as it should: %s", _told(error))
    return sent


@contextmanager
def _server(url: str) -> Iterator[smtplib.SMTP]:
    """A connection to the mail server, encrypted where it can be. A password is sent encrypted or not at all."""
    parts = urlsplit(url)
    host, trust = parts.hostname or "", ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=_ANSWER_SECONDS, context=trust)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=_ANSWER_SECONDS)
    with server:
        server.ehlo()
        if parts.scheme != "smtps" and (parts.username or server.has_extn("starttls")):
            server.starttls(context=trust)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server


def _send(server: smtplib.SMTP, mail: Row, at: datetime) -> bool:
    """Send one mail and note what came of it. Raises OSError when the server is gone."""
    if not _claim(mail, at):
        return False
    try:
        server.send_message(_message(mail, at))
    except smtplib.SMTPServerDisconnected as error:
        _note_problem(mail, error)
        raise
    except smtplib.SMTPException as error:
        _note_problem(mail, error, for_good=_refused_for_good(error))
        if server.sock is None:
            # Without what the server said: it repeats the address, which is nobody's business in a log.
            raise smtplib.SMTPServerDisconnected("hung up on a mail, which keeps the answer") from None
        return False
    except OSError as error:
        _note_problem(mail, error)
        raise
    except NotFound:
        # Its reader has left meanwhile, and it went with the account.
        return False
    except ConnectionLost:
        raise
    # Whatever else goes wrong is about this mail alone. A value that cannot be written as a mail never can.
    except Exception as error:
        _note_problem(mail, error, for_good=isinstance(error, ValueError))
        return False
    execute(
        connection("accounts"),
        "UPDATE mails SET status = 'sent', sent_at = %s, problem = NULL WHERE id = %s",
        [now(), mail["id"]],
    )
    return True


def _claim(mail: Row, at: datetime) -> bool:
    claimed = execute(
        connection("accounts"),
        "UPDATE mails SET attempts = attempts + 1, next_at = %s WHERE id = %s AND status = 'waiting' AND next_at <= %s",
        [at + wait_after(mail["attempts"] + 1), mail["id"], at],
    )
    return claimed == 1


def _message(mail: Row, at: datetime) -> EmailMessage:
    message, sender = EmailMessage(), mail_from()
    message["From"], message["To"] = sender, mail["recipient"]
    # A header ends with its line, and there are more ends of lines than two.
    message["Subject"] = " ".join(mail["subject"].split())
    message["Date"] = format_datetime(utc(mail["created_at"]))
    message["Message-ID"] = f"<{mail['id']}@{parseaddr(sender)[1].partition('@')[2] or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_text(mail, at))
    return message


def _text(mail: Row, at: datetime) -> str:
    text: str = mail["text"]
    if LINK not in text or mail["kind"] not in LIFETIMES:
        return text
    proof = Proof(mail["user_id"], mail["recipient"])
    return text.replace(LINK, make_link(connection("accounts"), mail["kind"], proof, at=at).url)


def _note_problem(mail: Row, error: Exception, *, for_good: bool = False) -> None:
    execute(
        connection("accounts"),
        "UPDATE mails SET problem = %s, status = IF(%s OR attempts >= %s, 'failed', status) WHERE id = %s",
        [_told(error), for_good, MOST_TRIES, mail["id"]],
    )


def _refused_for_good(error: smtplib.SMTPException) -> bool:
    """Whether the server will never take this mail. Its sender is every mail's: that can be mended."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code in _PERMANENT for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code in _PERMANENT


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
