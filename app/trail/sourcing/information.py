"""Gathers every information that was given, and to whom."""

import re
from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.core.outbox import Mail
from app.dialogue.queries import addenda_of, questions_of
from app.disclosures.queries import log_of
from app.trail import contents, queries
from app.trail.policy import Sight

BEFORE_ANSWERS = ("challenges.", "matches.")
"""Messages whose recipients tell nothing about who answers; all others wait for the seal."""
DIGESTS = "messages."
"""Messages that repeat others, which are listed themselves."""


def information(session: Session, challenge: Challenge, sight: Sight) -> contents.Information:
    mails = _mails(session, challenge)
    is_told = [sight.answers or mail.kind.startswith(BEFORE_ANSWERS) for mail in mails]
    shown = [mail for mail, told in zip(mails, is_told, strict=True) if told]
    return contents.Information(
        questions=[
            contents.AnsweredQuestion(
                number=each.number, question=each.published_text, answer=each.answer,
                answered_at=each.answered_at, answered_by=each.answered_by_name,
            )
            for each in questions_of(session, challenge.id)
            if each.number is not None
        ],
        addenda=[
            contents.PublishedAddendum(
                number=each.number, kind=each.kind, lang=each.lang, text=each.text,
                published_at=each.published_at, published_by=each.published_by_name,
            )
            for each in addenda_of(session, challenge.id)
        ],
        mails=_told(session, shown),
        mails_sealed=len(mails) - len(shown),
        disclosures=[
            contents.Seen(
                who=each.user_name, organisations=each.organisation_names, layer=each.layer,
                accepted_agreement=each.is_acceptance, at=each.at,
            )
            for each in reversed(log_of(session, challenge.id))
        ],
    )  # fmt: skip


def _mails(session: Session, challenge: Challenge) -> list[Mail]:
    answers = queries.response_ids(session, challenge.id)
    invitations = queries.match_ids(session, challenge.id)
    paths = [
        f"/challenges/{challenge.id}",
        *(f"/responses/{each}" for each in answers),
        *(f"/invitations/{each}" for each in invitations),
    ]
    ends = re.compile("(?:" + "|".join(map(re.escape, paths)) + r")(?!\d)")
    # One expression finds them all in the time in which the database compares with a few paths.
    ids = [
        each.mail_id
        for each in queries.mentioning(session, challenge.id)
        if each.is_about or ends.search(each.said)
    ]
    mails = queries.mails_by_id(session, ids)
    return [mail for mail in mails if not mail.kind.startswith(DIGESTS)]


def _told(session: Session, mails: Sequence[Mail]) -> list[contents.SentMessage]:
    people = queries.people_by_address(session, [mail.to_address for mail in mails])
    homes = queries.organisations_of(session, [user.id for user in people.values()])
    told = []
    for mail in mails:
        user = people.get(mail.to_address)
        told.append(
            contents.SentMessage(
                kind=mail.kind,
                subject=mail.subject,
                to=user.name if user else "",
                organisations=homes.get(user.id, []) if user else [],
                written_at=mail.created_at,
                sent_at=mail.sent_at,
            )
        )
    return told
