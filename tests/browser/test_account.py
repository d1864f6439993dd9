"""What the links in mails open, and the account's own pages, in the browser."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Person
from tests.live import Stack
from tests.system.containers import run_inside
from tests.system.waiting import eventually

NEW = "a quite different pass phrase"
# Written by a timer that fires every ten seconds.
MAILED_WITHIN = 25.0


def kinds_of_mails(admin: Person, to: Person) -> list[str]:
    return [mail["kind"] for mail in admin.call("GET", f"/mails?recipient={to.email}")["items"]]


def reset_link(admin: Person, to: Person) -> str:
    """What the mail links to: no list shows that, but an admin can hand out another one."""
    url = urlsplit(admin.call("POST", f"/users/{id_of(to)}/reset-link")["url"])
    return f"{url.path}?{url.query}"


def verify_link(stack: Stack, to: Person) -> str:
    """What the mail links to: made as for sending it, which this stack does not do for want of a mail server."""
    program = f"""
from bookstore.accounts.links import VERIFY, Proof, make_link
from bookstore.clock import now
from bookstore.database import connect
print(make_link(connect({stack.secret("accounts-db")!r}), VERIFY, Proof({id_of(to)!r}, {to.email!r}), at=now()).url)
"""
    url = urlsplit(run_inside(stack.network, program).strip())
    return f"{url.path}?{url.query}"


def id_of(person: Person) -> str:
    return str(person.call("GET", "/users/me")["id"])


def sessions_of(person: Person) -> int:
    return len(person.call("GET", "/users/me/sessions")["items"])


def set_password(page: Page) -> None:
    page.get_by_label("New password").fill(NEW)
    page.get_by_role("button", name="Set the password").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_forgotten_password_is_set_anew_once(open_page, seller, admin, look, scripts):
    page = open_page(java_script_enabled=scripts)
    seen = look if scripts else (lambda *_: None)
    page.goto("/sign-in")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail address").fill(seller.email)
    seen(page, "forgot-password")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("status")).to_have_text("If that address has an account, a link is on its way.")
    eventually(
        lambda: "reset_password" in kinds_of_mails(admin, seller), within=MAILED_WITHIN, what="the mail with the link"
    )
    link = reset_link(admin, seller)
    # The new password ends the token's session.
    seller.token = ""
    page.goto(link)
    expect(page).to_have_url(re.compile("/reset-password$"))
    page.get_by_label("New password").fill("short")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a password of at least 10 characters.")
    seen(page, "reset-password-errors")
    set_password(page)
    expect(page.get_by_role("status")).to_have_text("Your new password is set. Sign in with it.")
    seller.password = NEW
    page.goto(link)
    set_password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link is no longer good")
    seen(page, "useless-link")
    page.get_by_role("link", name="Ask for a new link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Forgot your password?")
    seller.signs_in(page)


def test_an_address_without_an_account_is_answered_alike(open_page, newcomer):
    newcomer.register()
    page = open_page()
    page.goto("/forgot-password")
    page.get_by_label("E-mail address").fill(f"not-{newcomer.email}")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("status")).to_have_text("If that address has an account, a link is on its way.")


def test_an_address_is_confirmed_by_a_button_and_not_by_opening_the_link(open_page, seller, stack, look):
    page = open_page()
    seller.signs_in(page)
    page.goto("/account")
    page.get_by_role("button", name="Send the confirmation mail again").click()
    expect(page.get_by_role("status")).to_have_text("A mail with a link is on its way.")
    look(page, "account-not-confirmed")
    page.goto(verify_link(stack, seller))
    expect(page).to_have_url(re.compile("/verify-email$"))
    look(page, "verify-email")
    assert not seller.call("GET", "/users/me")["email_verified"]
    page.get_by_role("button", name="Confirm this address").click()
    expect(page.get_by_role("status")).to_have_text("Your e-mail address is confirmed.")
    expect(page.get_by_text("Confirmed", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Send the confirmation mail again")).to_have_count(0)
    look(page, "account-confirmed")
    assert seller.call("GET", "/users/me")["email_verified"]


def test_a_link_that_never_was_good_confirms_nothing(open_page, seller):
    page = open_page()
    seller.signs_in(page)
    page.goto("/verify-email?token=never-was-good")
    page.get_by_role("button", name="Confirm this address").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This link is no longer good")
    page.get_by_role("link", name="Go to your account").click()
    expect(page.get_by_text("Not confirmed", exact=True)).to_be_visible()


def test_a_changed_password_signs_out_everywhere_else(open_page, seller, look):
    page = open_page()
    seller.signs_in(page)
    assert sessions_of(seller) == 2
    # The new password ends the token's session.
    seller.token = ""
    page.goto("/account/password")
    page.get_by_label("Present password").fill("not the password")
    page.get_by_label("New password").fill(NEW)
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not your password.")
    look(page, "change-password-errors")
    page.get_by_label("Present password").fill(seller.password)
    page.get_by_label("New password").fill(NEW)
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("status")).to_have_text("Your password is changed.")
    seller.password = NEW
    seller.logs_in()
    # The browser's, which went on, and the one just begun.
    assert sessions_of(seller) == 2


def test_a_session_is_signed_out_from_another_browser(open_page, seller, look):
    other, page = open_page(), open_page()
    for each in (other, page):
        seller.signs_in(each)
    assert sessions_of(seller) == 3
    page.goto("/account/sessions")
    here = page.get_by_role("main").get_by_role("listitem").filter(has_text="This browser")
    expect(here).to_have_count(1)
    expect(here.get_by_role("button")).to_have_count(0)
    look(page, "sessions")
    # The newest first: here, the other browser, and where the account was made.
    page.get_by_role("main").get_by_role("button", name="Sign out").first.click()
    expect(page.get_by_role("status")).to_have_text("That session is signed out.")
    expect(page.get_by_role("main").get_by_role("button", name="Sign out")).to_have_count(1)
    assert sessions_of(seller) == 2
