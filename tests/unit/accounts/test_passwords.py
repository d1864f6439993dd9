"""Which passwords are taken, and how they are kept."""

import threading

import pytest

from bookstore.accounts import passwords
from bookstore.accounts.passwords import UNUSABLE, hash_password, matches, objection
from bookstore.errors import Unavailable


@pytest.mark.parametrize(
    "guessed",
    ["1234567890", "qwertyuiop", "Password123!", "2024 Welcome!!", "aaaaaaaaaaaa", "ababababab", "P@ssw0rd1234"],
)
def test_a_password_that_everybody_tries_is_refused(guessed):
    assert objection(guessed)


@pytest.mark.parametrize(
    "fine", ["correct horse battery staple", "mi abuela bebe té", "x7!kQ_wert9z", "пароль для книг"]
)
def test_a_password_of_ones_own_is_taken(fine):
    assert objection(fine) is None


def test_a_password_that_is_the_owners_address_or_name_is_refused():
    own = ["ada.lovelace@example.com", "Ada Lovelace", None]
    assert objection("Ada.Lovelace@example.com", own)
    assert objection("ada lovelace", own)
    assert objection("ada loves engines", own) is None


def test_the_list_of_common_passwords_is_in_lower_case_and_without_duplicates():
    path = passwords.Path(passwords.__file__).with_name("common_passwords.txt")
    words = [line for line in path.read_text().splitlines() if not line.startswith("# ")]
    assert len(words) > 300
    assert words == [word.lower() for word in words]
    assert len(words) == len(set(words))


def test_a_hash_matches_its_password_alone_and_differs_each_time():
    first, second = hash_password("correct horse battery"), hash_password("correct horse battery")
    assert first != second
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert matches(first, "correct horse battery")
    assert not matches(first, "correct horse batterY")


def test_an_accent_typed_on_another_keyboard_is_the_same_password():
    assert matches(hash_password("café con leche"), "cafe\u0301 con leche")


@pytest.mark.parametrize("nothing", [None, UNUSABLE, "", "$argon2id$broken"])
def test_nothing_matches_where_there_is_no_password(nothing):
    assert not matches(nothing, "correct horse battery")


def test_the_hash_for_unknown_addresses_costs_what_the_others_cost():
    assert not passwords._HASHER.check_needs_rehash(passwords._NOBODYS)


def test_no_more_than_two_passwords_are_hashed_at_once(monkeypatch):
    monkeypatch.setattr(passwords, "_PATIENCE_SECONDS", 0.01)
    leave, inside = threading.Event(), threading.Barrier(3)

    def stay():
        with passwords._slot():
            inside.wait()
            leave.wait()

    threads = [threading.Thread(target=stay) for _ in range(2)]
    for thread in threads:
        thread.start()
    inside.wait()
    with pytest.raises(Unavailable):
        hash_password("a third at the same time")
    leave.set()
    for thread in threads:
        thread.join()
    assert hash_password("a third afterwards")
