"""Passwords are hashed, compared and judged."""

from time import process_time

import pytest
from argon2 import PasswordHasher
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from app.core import passwords


def test_only_the_right_password_fits() -> None:
    stored = passwords.hash_password("seven quiet harbour cranes")

    assert passwords.is_right("seven quiet harbour cranes", stored)
    assert not passwords.is_right("seven quiet harbour crane", stored)


def test_the_hash_is_argon2id_and_salted() -> None:
    first, second = (passwords.hash_password("the same password") for _ in range(2))

    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second


@pytest.mark.parametrize("stored", [None, "", "no password", "$argon2id$broken"])
def test_nobodys_password_is_never_right(stored: str | None) -> None:
    assert not passwords.is_right("nobody has this password", stored)


def test_other_parameters_are_outdated() -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x")

    assert passwords.is_outdated(old)
    assert not passwords.is_outdated(passwords.hash_password("x"))


@pytest.mark.parametrize(
    "password",
    [
        "12345678", "Passwort1", "MOTDEPASSE", "qwertz123",
        "trustno1", "schalke04", "Sonnenschein", "wilhelmina", "basketballs",  # of the package
        "monkey1!", "29.11.1985", "asdfghjkl;", "zyxwvuts", "xxxxxxxxxxx",
        "ab1" * 8,
    ],
)  # fmt: skip
def test_common_passwords_are_known(password: str) -> None:
    assert passwords.is_common(password)


@pytest.mark.parametrize("password", ["Quaylink2026!", "challenge-cluster", "_Défi_1234_"])
def test_words_of_the_house_are_known_with_whatever_stands_around_them(password: str) -> None:
    assert passwords.is_common(password)


@pytest.mark.parametrize("password", ["quaylinks cranes", "two clusters", "9143_2687-55"])
def test_a_word_of_the_house_among_others_is_fine(password: str) -> None:
    assert not passwords.is_common(password)


def test_the_common_ones_would_pass_otherwise() -> None:
    words = passwords.COMMON.read_text().split()

    assert [word for word in words if len(word) < passwords.MIN_LENGTH] == []
    assert [word for word in words if not passwords.is_common(word)] == []
    assert not passwords.is_common("seven quiet harbour cranes")


def test_more_than_ten_thousand_leaked_ones_are_known() -> None:
    leaked = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= passwords.MIN_LENGTH]

    assert len(leaked) > 10_000
    assert [word for word in leaked[::50] if not passwords.is_common(word)] == []


@pytest.mark.parametrize(
    "password", ["Kranwagen99", "blauer Himmel", "x7!kQ2pz", "gruenkohl7", "k" * 20 + "ran"]
)
def test_kinds_of_characters_are_nobodys_business(password: str) -> None:
    assert not passwords.is_common(password)


def test_no_password_takes_long_to_judge() -> None:
    spent = process_time()
    for length in range(passwords.MIN_LENGTH, passwords.MAX_LENGTH + 1, 4):
        passwords.is_common(("4@8({[<369&#!1/|0$5+7%2" * 6)[:length])

    assert process_time() - spent < 3
