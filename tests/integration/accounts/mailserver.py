"""A mail server on this machine that speaks SMTP, takes mails, and can be as difficult as real ones."""

import base64
import email.policy
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any, cast


@dataclass
class MailServer:
    """What it took, and how it answers some recipients: with what `answers` has for them, to `drop` by hanging up."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    signed_in: list[tuple[str, str, bool]] = field(default_factory=list)
    """User, password, and whether they came encrypted."""
    certificate: ssl.SSLContext | None = None

    def to(self, recipient: str) -> list[EmailMessage]:
        """The mails that somebody got."""
        return [mail for mail in self.taken if mail["To"] == recipient]

    @contextmanager
    def running(self) -> Iterator["MailServer"]:
        """Serve until the block ends, always on the same port."""
        with _Listener(("127.0.0.1", self.port), _Conversation) as listener:
            listener.mail_server, self.port = self, listener.server_address[1]
            thread = threading.Thread(target=listener.serve_forever, args=[0.01], daemon=True)
            thread.start()
            yield self
            listener.shutdown()
            thread.join()


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    mail_server: MailServer


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.mine = cast("_Listener", self.server).mail_server
        self.mine.connections += 1
        self.recipient, self.encrypted = "", False
        self.say("220 mail.test")
        while (line := self.rfile.readline().decode().strip()) and self.answer(*line.partition(" ")[::2]):
            pass

    def say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    def answer(self, verb: str, rest: str) -> bool:
        known: dict[str, Any] = {"EHLO": self.ehlo, "RCPT": self.rcpt, "DATA": self.data, "STARTTLS": self.encrypt}
        known |= {"AUTH": self.authenticate, "QUIT": lambda _: False}
        return bool(known.get(verb.upper(), self.agree)(rest))

    def agree(self, _: str) -> bool:
        self.say("250 OK")
        return True

    def ehlo(self, _: str) -> bool:
        offers = ["AUTH PLAIN"] if self.encrypted or not self.mine.certificate else ["STARTTLS"]
        self.say("250-mail.test", *(f"250-{offer}" for offer in offers), "250 SMTPUTF8")
        return True

    def encrypt(self, _: str) -> bool:
        if not self.mine.certificate:
            self.say("454 not here")
            return True
        self.say("220 go on")
        self.connection = self.mine.certificate.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)  # type: ignore[assignment]
        self.encrypted = True
        return True

    def authenticate(self, rest: str) -> bool:
        _, user, password = base64.b64decode(rest.removeprefix("PLAIN ")).decode().split("\0")
        self.mine.signed_in.append((user, password, self.encrypted))
        self.say("235 welcome")
        return True

    def rcpt(self, rest: str) -> bool:
        self.recipient = rest.partition("<")[2].partition(">")[0]
        answer = self.mine.answers.get(self.recipient, "250 OK")
        if answer == "drop":
            return False
        self.say(answer)
        return not answer.startswith("421")

    def data(self, _: str) -> bool:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        self.mine.taken.append(BytesParser(policy=email.policy.default).parsebytes(b"".join(lines)))
        self.say("250 OK")
        return True
