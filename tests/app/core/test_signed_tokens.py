"""Signed links, and where they may lead."""

from base64 import urlsafe_b64decode

import pytest
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer

from app.core.links import Links, own_path
from app.core.signed_tokens import SignedTokens
from tests.conftest import NOON, FakeClock

KEY = "a key that only this test knows, really"


def test_a_token_carries_its_payload() -> None:
    tokens = SignedTokens(KEY)

    assert tokens.read("join", tokens.make("join", {"id": 4}), max_age=60) == {"id": 4}


def test_a_token_is_for_one_purpose_and_one_installation() -> None:
    token = SignedTokens(KEY).make("join", 4)

    assert SignedTokens(KEY).read("reset", token, max_age=60) is None
    assert SignedTokens("another key").read("join", token, max_age=60) is None


def test_a_new_key_still_reads_what_the_earlier_one_signed() -> None:
    old = SignedTokens(KEY)
    new = SignedTokens("the key after it", earlier=[KEY])

    assert new.read("join", old.make("join", 4), max_age=60) == 4
    assert new.read_lasting("feed", old.make_lasting("feed", 4)) == 4
    assert old.read("join", new.make("join", 4), max_age=60) is None


def test_they_are_signed_with_what_is_still_thought_well_of() -> None:
    tokens = SignedTokens("a key")
    plain = URLSafeTimedSerializer("a key", salt="quaylink.x").dumps(1)
    lasting = URLSafeSerializer("a key", salt="quaylink.lasting.x").dumps(1)

    assert tokens.read("x", tokens.make("x", 1), max_age=9) == 1
    assert tokens.read("x", plain, max_age=9) is None
    assert tokens.read_lasting("x", tokens.make_lasting("x", 1)) == 1
    assert tokens.read_lasting("x", lasting) is None
    mark = tokens.make("x", 1).rpartition(".")[2]
    assert len(urlsafe_b64decode(f"{mark}=")) * 8 == 256


@pytest.mark.parametrize("forged", ["", "x", "x.y.z", "\x00", "é" * 300])
def test_forged_tokens_are_nothing(forged: str) -> None:
    assert SignedTokens(KEY).read("join", forged, max_age=60) is None


def test_a_token_changed_in_any_place_is_nothing() -> None:
    tokens = SignedTokens(KEY)
    token = tokens.make("join", 4)
    changed = [
        f"{token[:i]}{'A' if c != 'A' else 'B'}{token[i + 1 :]}" for i, c in enumerate(token[:-1])
    ]

    assert {tokens.read("join", other, max_age=60) for other in changed} == {None}


def test_a_token_ages_by_our_clock() -> None:
    clock = FakeClock(NOON)
    tokens = SignedTokens(KEY, clock)
    token = tokens.make("join", 4)

    clock.advance(seconds=60)
    assert tokens.read("join", token, max_age=60) == 4
    clock.advance(seconds=1)
    assert tokens.read("join", token, max_age=60) is None


def test_links_are_absolute() -> None:
    links = Links("https://quay.example/", SignedTokens(KEY))

    address = links.signed("/join", purpose="join", payload=4)

    assert links.to("/challenges/4") == "https://quay.example/challenges/4"
    path, _, token = address.rpartition("/")
    assert path == "https://quay.example/join"
    assert links.tokens.read("join", token, max_age=60) == 4


@pytest.mark.parametrize("path", ["/", "/home", "/challenges?q=a%20b&page=2", "/join/a.b-c_d"])
def test_own_paths_are_kept(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "home",
        "//evil",
        "/\\evil",
        "\\evil",
        "https://evil",
        "/\t/evil",
        "/a\n",
        "/a b",
        "/\x7f",
    ],
)
def test_other_paths_are_not(path: str) -> None:
    assert own_path(path) == "/home"
    assert own_path(path, default="/") == "/"
