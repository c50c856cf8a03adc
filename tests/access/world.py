"""One of everything, and one person of every kind, for trying every door."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.core.jobs import Job, JobState
from app.core.outbox import Mail
from app.dialogue.models import Question
from app.disclosures.models import Layer, ProtectedPart
from app.matches.models import Match, MatchState
from app.organisations.models import (
    MemberInvitation,
    MemberRole,
    Membership,
    Organisation,
    OrganisationKind,
)
from app.pilots.models import InterimReport
from app.profiles.models import ImportRow, Passage, ProfileImport, RowVerdict
from app.responses.models import Response, ResponseState
from app.shortlists.models import ShortlistVersion
from tests.factories import EARLIER, numbers, save
from tests.factories.challenges import make_challenge
from tests.factories.evaluations import make_evaluator, make_tie
from tests.factories.matches import make_match
from tests.factories.messages import make_message
from tests.factories.outcomes import make_outcome_question
from tests.factories.partners import make_partner
from tests.factories.people import (
    join_cluster,
    make_cluster,
    make_member,
    make_organisation,
    make_sign_in,
    make_token,
    make_user,
)
from tests.factories.pilots import make_pilot
from tests.factories.profiles import make_passage
from tests.factories.progress import make_awaited_work
from tests.factories.redirections import make_proposal
from tests.factories.referrals import make_referral
from tests.factories.responses import make_response
from tests.factories.searches import make_search
from tests.factories.sites import make_site

# Each ends with a word that stands nowhere else: no search may tell others that it is there.
SEALED_APPROACH = "A sealed way of doing it that only its authors know: quorbly."
UNSEEN_IMPORT = "A passage that nobody has imported yet: wimmeltoff."
UNSEEN_QUESTION = "A question that nobody has answered yet: zanthrick."
PROTECTED = "A tariff that only invited organisations read: plomberay."
PROTECTED_PLACE = "Berth 4 behind the fish market dunklefax"
UNSEEN_PILOT = "A pilot that is not agreed yet: ostrivane"
UNSEEN_MAIL = "A mail that went to somebody else: hefflewick."
OWN_MESSAGE = "A message that one person reads: umbertroth."

DRAFT_TITLE = "A need that is not told yet: glandorfe"
OWNER_SIDE = frozenset({"owner", "owner_reader", "curator", "region"})
HIDDEN_WORDS = {
    SEALED_APPROACH: frozenset({"responder", "responder_reader"}),
    UNSEEN_IMPORT: frozenset({"responder"}),
    UNSEEN_PILOT: OWNER_SIDE | {"responder", "responder_reader"},
    UNSEEN_MAIL: frozenset({"administrator"}),
    OWN_MESSAGE: frozenset({"responder", "administrator"}),
    PROTECTED: OWNER_SIDE | {"responder", "responder_reader"},
    PROTECTED_PLACE: OWNER_SIDE | {"responder", "responder_reader"},
    UNSEEN_QUESTION: frozenset({"owner", "curator", "region"}),
    DRAFT_TITLE: OWNER_SIDE,
}
"""What no page may show, but to these."""


@dataclass(frozen=True)
class World:
    """Rows whose ids fill the addresses, and the people who try them."""

    people: Mapping[str, User | None]
    ids: Mapping[str, str]


def make_world() -> World:
    """Return a world with an open challenge, a draft, an invitation and a sealed answer."""
    owner = make_organisation(kind=OrganisationKind.PUBLIC_BODY, name="Harbour Office")
    cluster = make_cluster(name="Maritime Cluster")
    responder = make_organisation(name="Plug Works")
    open_challenge = make_challenge(owner=owner, curating_cluster=cluster)
    open_challenge.place, open_challenge.fact_layers = PROTECTED_PLACE, {"place": "matched"}
    draft = make_challenge(
        owner=owner, curating_cluster=cluster, state=ChallengeState.DRAFT, title=DRAFT_TITLE
    )
    match = make_match(open_challenge, responder, state=MatchState.SENT)
    answer = make_response(open_challenge, responder, state=ResponseState.SUBMITTED)
    answer.approach = SEALED_APPROACH
    save(answer)
    rows = (owner, cluster, responder, open_challenge, draft, match, answer)
    other_cluster = make_cluster(name="Other Cluster")
    people = _people(owner, cluster, responder, other_cluster)
    reader = people["responder"] or make_user()
    own = {
        "referral_id": str(make_referral(open_challenge, other_cluster).id),
        "search_id": str(make_search(reader).id),
        "work_id": str(make_awaited_work(reader).id),
        "user_id": str(reader.id),
        "provider_key": "none",
        "token_id": str(make_token(reader)[1].id),
        "sign_in_id": str(make_sign_in(reader).id),
        "message_id": str(make_message(reader, html=OWN_MESSAGE).id),
    }
    return World(people, {**_ids(*rows), **own})


def _people(
    owner: Organisation,
    cluster: Organisation,
    responder: Organisation,
    other_cluster: Organisation,
) -> dict[str, User | None]:
    return {
        "visitor": None,
        "outsider": make_member(make_organisation(name="Rival Works")),
        "rival_curator": make_member(other_cluster),
        "owner_reader": make_member(owner, role=MemberRole.READER),
        "owner": make_member(owner, role=MemberRole.MANAGER),
        "curator": make_member(cluster, role=MemberRole.MANAGER),
        "responder_reader": make_member(responder, role=MemberRole.READER),
        "responder": make_member(responder, role=MemberRole.MANAGER),
        "region": make_user(is_regional_developer=True),
        "administrator": make_user(is_administrator=True),
    }


def _ids(
    owner: Organisation,
    cluster: Organisation,
    responder: Organisation,
    open_challenge: Challenge,
    draft: Challenge,
    match: Match,
    answer: Response,
) -> dict[str, str]:
    passage: Passage = make_passage(responder)
    join_cluster(responder, cluster)
    membership = save(
        Membership(
            organisation_id=responder.id, user_id=make_user().id, role=MemberRole.READER,
            created_at=EARLIER,
        )
    )  # fmt: skip
    joining = save(
        MemberInvitation(
            organisation_id=responder.id, email="new@example.org", role=MemberRole.EDITOR,
            invited_by_id=make_user().id, created_at=EARLIER,
        )
    )  # fmt: skip
    version = save(
        ShortlistVersion(
            challenge_id=open_challenge.id, number=1, created_at=EARLIER,
            created_by_name="Ada Example", entries=[], dropped=[],
        )
    )  # fmt: skip
    save(
        ProtectedPart(
            challenge_id=open_challenge.id, position=1, heading="Tariff", text=PROTECTED,
            layer=Layer.MATCHED,
        )
    )  # fmt: skip
    return {
        "membership_id": str(membership.id),
        "invitation_id": str(joining.id),
        "member_id": str(responder.id),
        "number": str(version.number),
        "owner_slug": owner.slug,
        "cluster_slug": cluster.slug,
        "responder_slug": responder.slug,
        "challenge_id": str(open_challenge.id),
        "draft_id": str(draft.id),
        "match_id": str(match.id),
        "response_id": str(answer.id),
        "proposal_id": str(make_proposal(answer).id),
        "partner_id": str(make_partner(answer, make_organisation()).id),
        "evaluator_id": str(make_evaluator(open_challenge).id),
        "tie_id": str(make_tie(responder).id),
        "site_id": str(make_site(responder).id),
        **_pilot(answer),
        "outcome_id": str(make_outcome_question(open_challenge, responder).id),
        "passage_id": str(passage.id),
        "import_id": str(_import(responder).id),
        "mail_id": str(_mail().id),
        "job_id": str(_dead_job().id),
        "question_id": str(_question(open_challenge).id),
        "export_id": "1",
    }


def _pilot(answer: Response) -> dict[str, str]:
    pilot = make_pilot(answer, title=UNSEEN_PILOT)
    report = InterimReport(pilot_id=pilot.id, number=1, due_on=EARLIER.date())
    return {"pilot_id": str(pilot.id), "report_id": str(save(report).id)}


def _question(challenge: Challenge) -> Question:
    return save(
        Question(challenge_id=challenge.id, lang="en", text=UNSEEN_QUESTION, asked_at=EARLIER)
    )


def _import(organisation: Organisation) -> ProfileImport:
    importing = save(
        ProfileImport(
            organisation_id=organisation.id,
            user_id=make_user().id,
            file_name="passages.csv",
            header=["kind", "title", "text"],
            created_at=EARLIER,
        )
    )
    content = {"kind": "offer", "title": "A trial", "text": UNSEEN_IMPORT, "lang": "en"}
    save(
        ImportRow(
            profile_import_id=importing.id,
            line=2,
            cells=["offer", "A trial", UNSEEN_IMPORT],
            verdict=RowVerdict.GOOD,
            content={**content, "source": "Price list", "source_url": ""},
            organisation_id=organisation.id,
        )
    )
    return importing


def _mail() -> Mail:
    return save(
        Mail(
            message_id=f"<{next(numbers)}@quaylink>", kind="test.test",
            to_address="someone@example.org",
            locale="en", subject="Hello", text=UNSEEN_MAIL, html=UNSEEN_MAIL, created_at=EARLIER,
        )
    )  # fmt: skip


def _dead_job() -> Job:
    return save(
        Job(kind="test", payload={}, state=JobState.DEAD, created_at=EARLIER, run_at=EARLIER)
    )
