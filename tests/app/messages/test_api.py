"""Inboxes and choices for programs."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.messages import make_message
from tests.factories.people import make_user
from tests.statements import statements

Program = Callable[..., TestClient]
ADDENDUM = "dialogue.addendum"


def test_a_person_reads_and_marks_their_own_messages_only(
    session: Session, program: Program
) -> None:
    ada, eve = make_user(), make_user()
    mail, hidden = make_message(ada), make_message(ada, mail_only=True)
    reader, path = program(ada), f"me/messages/{mail.id}"

    shown = reader.get(path).json()
    unread = reader.get("me/messages?unread=true").json()
    read = reader.put(f"{path}/read", json={"is_read": True}).json()
    none_left = reader.get("me/messages?unread=true").json()
    again = reader.put(f"{path}/read", json={"is_read": False}).json()
    everything = reader.post("me/messages/read").json()

    assert (shown["text"], shown["read_at"]) == (mail.text, None)
    assert [item["id"] for item in unread["items"]] == [mail.id]
    assert (read["read_at"], none_left["items"], again["read_at"]) == (
        "2030-06-03T12:00:00Z", [], None,
    )  # fmt: skip
    assert everything == {"unread": 0}
    assert reader.get(f"me/messages/{hidden.id}").status_code == 404
    assert program(eve).get(path).status_code == 404
    assert program(eve).put(f"{path}/read", json={"is_read": True}).status_code == 404
    assert program(eve).get("me/messages").json()["items"] == []


def test_the_inbox_is_read_with_constant_queries(
    session: Session, program: Program, session_factory: sessionmaker[Session]
) -> None:
    ada = make_user()
    reader = program(ada)
    reader.get("me")  # notes the first use of the token
    make_message(ada)
    with statements(session_factory) as for_one:
        reader.get("me/messages")
    for _ in range(2):
        make_message(ada, kind="matches.invitation")
    with statements(session_factory) as for_three:
        reader.get("me/messages")
    followed = reader.get("me/messages?group=followed").json()

    assert len(for_one) == len(for_three)
    assert [item["kind"] for item in followed["items"]] == [ADDENDUM]


def test_choices_hold_from_now_on(session: Session, program: Program) -> None:
    reader = program(make_user())

    wrong = reader.put("me/message-choices", json={"own": {"dialogue": {"addendum": "never"}}})
    chosen = reader.put(
        "me/message-choices",
        json={"own": {"dialogue": {"addendum": "weekly"}}, "no_digests": True},
    )
    shown = reader.get("me/message-choices").json()

    assert (wrong.status_code, chosen.status_code) == (422, 200)
    assert wrong.json()["errors"][0]["field"] == "own.dialogue.addendum"
    assert (shown["is_paused"], shown["no_digests"]) == (False, True)
    assert {each["kind"] for each in shown["choices"] if each["chosen"] != each["usual"]} == {
        ADDENDUM
    }
