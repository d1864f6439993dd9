"""Mails: written with their cause, read by admins, sent once each whatever the mail server does."""

import ipaddress
from contextlib import suppress
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bookstore.accounts import sending
from bookstore.accounts.mails import LINK, write
from bookstore.accounts.sending import KEPT_FOR, MOST_TRIES, WORTH_SENDING, send_mails, wait_after
from bookstore.clock import now
from bookstore.database import fetch_all, fetch_one, transaction
from tests.handlers import call
from tests.integration.accounts.mailserver import MailServer
from tests.integration.accounts.people import PASSWORD, address, first_admin, mails_to, register, token_in
from tests.integration.together import together

SOON = timedelta(seconds=1)


@pytest.fixture
def server(accounts_db, monkeypatch):
    with MailServer().running() as running:
        monkeypatch.setattr(sending, "smtp_url", lambda: f"smtp://127.0.0.1:{running.port}")
        yield running


def mail(recipient="ada@example.com", subject="News", text="There is a book.", kind="news", user_id="u1"):
    everything = {"user_id": user_id, "recipient": recipient, "kind": kind, "subject": subject, "text": text}
    return transaction("accounts", lambda db: write(db, **everything))


def state(db, mail_id):
    return fetch_one(db, "SELECT status, attempts, problem FROM mails WHERE id = %s", [mail_id])


def test_a_mail_is_sent_once_with_what_it_says(server, accounts_db):
    mail_id = mail(subject="“Señor” 📚", text="Línea uno\n.\n..\nand " + "a long line " * 200)
    for _ in range(3):
        send_mails(at=now() + timedelta(hours=1))
    assert len(server.taken) == 1
    sent = server.taken[0]
    assert (sent["To"], sent["Subject"]) == ("ada@example.com", "“Señor” 📚")
    assert sent["From"] == "Bookstore <no-reply@bookstore.example>"
    assert sent["Message-ID"] == f"<{mail_id}@bookstore.example>"
    text = sent.get_content().replace("\r\n", "\n")
    assert text.startswith("Línea uno\n.\n..\nand a long line ")
    assert state(accounts_db, mail_id) == {"status": "sent", "attempts": 1, "problem": None}


def test_a_mail_whose_cause_is_undone_is_not_written(accounts_db):
    def work(db):
        write(db, user_id="u1", recipient="ada@example.com", kind="news", subject="x", text="x")
        raise KeyError

    with suppress(KeyError):
        transaction("accounts", work)
    assert fetch_all(accounts_db, "SELECT id FROM mails") == []


def test_without_a_mail_server_mails_are_kept_and_never_sent_later(accounts_db, monkeypatch):
    mail_id = mail()
    assert send_mails(at=now() + SOON)["sent"] == 0
    assert state(accounts_db, mail_id)["status"] == "waiting"
    assert send_mails(at=now() + WORTH_SENDING + SOON)["given_up"] == 1
    assert state(accounts_db, mail_id)["status"] == "kept"
    with MailServer().running() as server:
        monkeypatch.setattr(sending, "smtp_url", lambda: f"smtp://127.0.0.1:{server.port}")
        send_mails(at=now() + WORTH_SENDING + SOON)
        assert server.taken == []


def test_two_replicas_never_send_the_same_mail(server):
    ids = {mail(f"user{number}@example.com") for number in range(30)}
    at = now() + SOON
    sent = together(6, lambda _: send_mails(at=at)["sent"])
    assert sum(sent) == len(ids)
    assert len({message["Message-ID"] for message in server.taken}) == len(server.taken) == len(ids)


@pytest.mark.parametrize("answer", ["550 no such user", "451 come back", "421 too much", "drop"])
def test_a_mail_that_cannot_be_sent_holds_up_no_other(server, accounts_db, answer, caplog):
    server.answers["poison@example.com"] = answer
    first, poison, last = mail("one@example.com"), mail("poison@example.com"), mail("two@example.com")
    at = now() + SOON
    for run in range(3):
        send_mails(at=at + run * timedelta(seconds=10))
    assert [state(accounts_db, each)["status"] for each in (first, last)] == ["sent", "sent"]
    assert state(accounts_db, poison)["attempts"] == 1
    assert state(accounts_db, poison)["problem"]
    assert "poison@example.com" not in caplog.text


def test_a_recipient_that_is_refused_for_good_is_not_tried_again(server, accounts_db):
    server.answers["nobody@example.com"] = "550 no such user"
    mail_id = mail("nobody@example.com")
    send_mails(at=now() + SOON)
    refused = state(accounts_db, mail_id)
    assert (refused["status"], refused["attempts"]) == ("failed", 1)
    assert "no such user" in refused["problem"]


def test_a_mail_that_cannot_be_written_as_one_holds_up_no_other(server, accounts_db):
    poison, other = mail("eve@example.com\nBcc: all@example.com"), mail()
    assert send_mails(at=now() + SOON)["sent"] == 1
    assert [state(accounts_db, each)["status"] for each in (poison, other)] == ["failed", "sent"]
    assert [each["To"] for each in server.taken] == ["ada@example.com"]


def test_a_reader_who_leaves_while_the_mail_is_sent_holds_up_no_other(server, accounts_db, monkeypatch):
    ada, claim = register("ada"), sending._claim
    mail("bob@example.com")

    def leaves_then(row, at):
        claimed = claim(row, at)
        if row["recipient"] == address("ada"):
            assert call("delete-account", {"password": PASSWORD}, token=ada["access_token"]).status == 204
        return claimed

    monkeypatch.setattr(sending, "_claim", leaves_then)
    assert send_mails(at=now() + SOON)["sent"] == 1
    assert [sent["To"] for sent in server.taken] == ["bob@example.com"]
    assert {row["kind"] for row in fetch_all(accounts_db, "SELECT kind FROM mails")} == {"news", "account_deleted"}


def test_whatever_goes_wrong_with_a_mail_holds_up_no_other(server, accounts_db, monkeypatch):
    poison, other, text = mail("poison@example.com"), mail(), sending._text

    def broken(row, at):
        if row["id"] == poison:
            raise KeyError("no such kind")
        return text(row, at)

    monkeypatch.setattr(sending, "_text", broken)
    assert send_mails(at=now() + SOON)["sent"] == 1
    assert [state(accounts_db, each)["status"] for each in (poison, other)] == ["waiting", "sent"]
    assert "no such kind" in state(accounts_db, poison)["problem"]


def test_a_mail_is_tried_again_later_and_later_and_in_the_end_no_more(server, accounts_db):
    server.answers["busy@example.com"] = "451 come back"
    mail_id, at = mail("busy@example.com"), now() + SOON
    for tries in range(1, MOST_TRIES + 1):
        send_mails(at=at)
        assert state(accounts_db, mail_id)["attempts"] == tries
        send_mails(at=at + wait_after(tries) - SOON)
        assert state(accounts_db, mail_id)["attempts"] == tries
        at += wait_after(tries)
    assert state(accounts_db, mail_id)["status"] == "failed"


def test_while_the_server_is_away_no_try_is_used_up(accounts_db, monkeypatch):
    server, mail_id = MailServer(), mail()
    with server.running():
        pass
    monkeypatch.setattr(sending, "smtp_url", lambda: f"smtp://127.0.0.1:{server.port}")
    for _ in range(3):
        assert send_mails(at=now() + SOON)["sent"] == 0
    assert state(accounts_db, mail_id)["attempts"] == 0
    with server.running():
        assert send_mails(at=now() + SOON)["sent"] == 1


def test_a_sender_that_died_leaves_its_mail_to_the_next_one(server, accounts_db, monkeypatch):
    mail_id, at = mail(), now() + SOON
    with monkeypatch.context() as dying:
        dying.setattr(sending.smtplib.SMTP, "send_message", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            send_mails(at=at)
    assert send_mails(at=at + SOON)["sent"] == 0
    assert send_mails(at=at + wait_after(1))["sent"] == 1
    assert state(accounts_db, mail_id)["status"] == "sent"


@pytest.mark.parametrize("subject", ["a\nBcc: eve@example.com", "a\u2028b", "a\x85b", "x" * 400, "🕮" * 200, "\u202e"])
def test_a_subject_stays_in_its_line(server, subject):
    mail(subject=subject)
    assert send_mails(at=now() + SOON)["sent"] == 1
    assert server.taken[0]["Bcc"] is None
    assert server.taken[0]["Subject"] == " ".join(subject.split())


def test_a_link_is_in_the_mail_that_is_sent_and_nowhere_else(server, accounts_db):
    admin, ada = first_admin(), register("ada")
    listed = call("list-mails", token=admin["access_token"], query={"recipient": "ada@example.com"}).body["items"]
    assert [(each["kind"], LINK in each["text"], each["user_id"]) for each in listed] == [
        ("verify_email", True, ada["user"]["id"])
    ]
    send_mails(at=now() + SOON)
    token = token_in(server.to("ada@example.com")[0].get_content())
    kept = str([fetch_all(accounts_db, f"SELECT * FROM {table}") for table in ("mails", "mailed_tokens")])
    assert token not in kept
    assert call("verify-email", {"token": token}).status == 204


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """A certificate of 127.0.0.1 that this machine believes."""
    key, day = ec.generate_private_key(ec.SECP256R1()), timedelta(days=1)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now() - day, now() + day)
    for extension in (
        x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
        x509.BasicConstraints(ca=True, path_length=None),
        x509.SubjectKeyIdentifier.from_public_key(key.public_key()),
    ):
        made = made.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path / "server.pem"
    file.write_bytes(secret + made.sign(key, hashes.SHA256()).public_bytes(pem))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = sending.ssl.SSLContext(sending.ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_the_mail_server_learns_a_password_only_where_nobody_listens(accounts_db, certificate, monkeypatch):
    for offered, learned in ((None, []), (certificate, [("me@shop", "p@ss", True)])):
        mail()
        with MailServer(certificate=offered).running() as server:
            url = f"smtp://me%40shop:p%40ss@127.0.0.1:{server.port}"
            monkeypatch.setattr(sending, "smtp_url", lambda url=url: url)
            send_mails(at=now() + SOON)
        assert server.signed_in == learned
        assert bool(server.taken) == bool(learned)


def test_old_mails_are_forgotten(accounts_db):
    mail()
    assert send_mails(at=now() + KEPT_FOR - SOON)["forgotten"] == 0
    assert send_mails(at=now() + KEPT_FOR + SOON)["forgotten"] == 1


def test_only_admins_read_mails_and_find_them_by_what_they_know(accounts_db):
    admin, ada = first_admin()["access_token"], register("ada")
    register("bob")
    assert call("list-mails", token=ada["access_token"]).status == 403
    assert call("list-mails").status == 401

    def found(**query):
        return [each["recipient"] for each in call("list-mails", token=admin, query=query).body["items"]]

    assert found() == ["bob@example.com", "ada@example.com"]
    assert found(recipient="Ada@Example.com") == found(user=ada["user"]["id"]) == ["ada@example.com"]
    assert found(kind="news") == found(status="sent") == []
    page = call("list-mails", token=admin, query={"limit": "1"}).body
    assert found(limit="1", cursor=page["next_cursor"]) == ["ada@example.com"]
    assert mails_to(accounts_db, "ada") == ["verify_email"]
