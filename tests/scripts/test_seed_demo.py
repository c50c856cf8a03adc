"""Seeding gives what the files say: rows, days, histories and jobs, and no mail."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, selectinload

from app.accounts.models import User
from app.challenges.models import (
    CLOSING,
    MATCHING_WANTED,
    Challenge,
    ChallengeState,
    RequirementKind,
    start_of,
)
from app.challenges.queries import challenge_by_id
from app.core import journal
from app.core.job_runner import JobRunner
from app.core.jobs import Job
from app.core.journal import Event
from app.core.links import Links
from app.core.outbox import Mail
from app.core.signed_tokens import SignedTokens
from app.opportunities.models import FEED_WANTED
from app.organisations.models import (
    ClusterFacts,
    ClusterMembership,
    Organisation,
    OrganisationKind,
)
from app.outcomes import queries as outcomes
from app.outcomes.models import Purchase
from app.outcomes.policy import track_record
from app.pilots.models import Pilot, PilotState, Replication
from app.profiles.models import Passage
from app.redirections.models import Consent
from app.referrals.models import Referral, ReferralState
from app.responses.models import (
    PartnerState,
    RequirementAnswer,
    Response,
    ResponsePartner,
    ResponseState,
)
from app.reviews.queries import challenges_to_cosign
from app.searches.models import SavedSearch
from app.searches.policy import filters_in
from app.shortlists.actions.sending import round_of
from app.shortlists.queries import last_batch, recipients_of
from app.sites.models import Site
from scripts.demo_messages import NEWS_FOR, add_messages
from scripts.demo_people import DEMO_PEOPLE
from scripts.seed_demo import is_empty, lines
from tests.conftest import NOON, FakeClock

TODAY = NOON.date()


def line_of(name: str, slug: str) -> dict[str, Any]:
    return next(line for line in lines(f"{name}.jsonl") if line["slug"] == slug)


def organisation_of(session: Session, slug: str) -> Organisation:
    return session.scalars(select(Organisation).where(Organisation.slug == slug)).one()


def challenge_of(session: Session, slug: str) -> Challenge:
    title = line_of("sample_challenges", slug)["title"]
    whole = selectinload(Challenge.requirements), selectinload(Challenge.owner)
    statement = select(Challenge).where(Challenge.title == title).options(*whole)
    return session.scalars(statement).one()


def count(session: Session, model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_there_is_one_row_for_each_line(seeded: Session) -> None:
    samples, profiles = (
        list(lines("sample_organisations.jsonl")),
        list(lines("real_profiles.jsonl")),
    )
    passages = [passage for line in samples + profiles for passage in line["passages"]]
    requirements = [
        requirement
        for line in lines("sample_responses.jsonl")
        for requirement in line_of("sample_challenges", line["challenge"])["requirements"]
    ]

    assert count(seeded, ClusterFacts) == len(list(lines("clusters.jsonl")))
    assert count(seeded, Passage) == len(passages)
    assert count(seeded, ClusterMembership) == sum(len(line["clusters"]) for line in samples)
    assert count(seeded, Site) == len(list(lines("sample_sites.jsonl")))
    pilots, decided = list(lines("sample_pilots.jsonl")), list(lines("sample_decided.jsonl"))
    consulted = list(lines("sample_consultations.jsonl"))
    told = [*pilots, *(answer for line in [*decided, *consulted] for answer in line["answers"])]
    answers = [text for line in told for text in line["response"]["answers"]]
    assert count(seeded, Pilot) == len(pilots)
    assert count(seeded, RequirementAnswer) == len(requirements) + len(answers)
    assert count(seeded, Response) == len(list(lines("sample_responses.jsonl"))) + len(told)
    assert Counter(seeded.scalars(select(Organisation.is_sample)))[True] == len(samples)
    assert Counter(seeded.scalars(select(Challenge.is_sample))) == {True: 22, False: 60}


def test_those_a_visitor_can_sign_in_as_find_messages(seeded: Session) -> None:
    add_messages(seeded, Links("http://testserver", SignedTokens("k" * 32)), now=NOON)

    found = Counter(seeded.scalars(select(Mail.kind)))
    assert found["dialogue.addendum"] > 0
    assert found["dialogue.answer_published"] > 0
    assert found["dialogue.question_asked"] > 0
    assert set(seeded.scalars(select(Mail.to_address))) <= {each.email for each in DEMO_PEOPLE}
    unread = seeded.scalars(select(Mail).where(Mail.read_at.is_(None))).all()
    assert {NOON - mail.created_at < NEWS_FOR for mail in unread} == {True}


def test_an_organisation_is_there_in_full(seeded: Session) -> None:
    line = line_of("sample_organisations", "gardemaille")

    stored = organisation_of(seeded, "gardemaille")

    assert (stored.name, stored.summary, stored.lang) == (
        line["name"],
        line["summary"],
        line["lang"],
    )
    assert stored.kind is OrganisationKind.STARTUP
    assert (stored.city, stored.country, stored.size) == ("Sophia Antipolis", "FR", "10-49")
    assert (stored.founded, stored.website) == (2019, "https://gardemaille.example")
    assert stored.field_ids == line["fields"]
    assert stored.verified_at == NOON
    assert stored.is_sample
    clusters = select(ClusterMembership.cluster_id).where(ClusterMembership.member_id == stored.id)
    assert seeded.scalars(clusters).all() == [organisation_of(seeded, "scs").id]
    passages = select(Passage).where(Passage.organisation_id == stored.id).order_by(Passage.id)
    assert [
        {"kind": p.kind.value, "title": p.title, "text": p.text, "lang": p.lang, "source": p.source}
        for p in seeded.scalars(passages)
    ] == line["passages"]


def test_a_closed_challenge_is_there_in_full(seeded: Session) -> None:
    line = line_of("sample_challenges", "fours-sous-bonne-garde")

    stored = challenge_of(seeded, "fours-sous-bonne-garde")

    assert stored.owner.slug == line["owner"]
    assert stored.curating_cluster_id == organisation_of(seeded, "scs").id
    assert stored.state is ChallengeState.CLOSED
    texts = ("lang", "summary", "need", "success_measure", "conditions", "what_happens_next")
    assert {name: getattr(stored, name) for name in texts} == {name: line[name] for name in texts}
    assert (stored.place, stored.field_ids) == (line["place"], line["fields"])
    assert (stored.budget_eur, stored.budget_reason) == (None, line["budget_reason"])
    assert stored.answer_languages == ["en", "de", "fr"]
    assert [
        {"text": row.text, "must": row.kind is RequirementKind.MUST} for row in stored.requirements
    ] == line["requirements"]
    assert [row.code for row in stored.requirements] == ["R1", "R2", "R3", "R4"]


def test_days_are_counted_from_today_and_begin_at_local_midnight(seeded: Session) -> None:
    stored = challenge_of(seeded, "fours-sous-bonne-garde")

    assert stored.opens_on == TODAY - timedelta(days=82)
    assert stored.opened_at == datetime(2030, 3, 12, 23, tzinfo=UTC)  # winter time
    assert stored.last_day == TODAY - timedelta(days=16)
    assert stored.closes_at == stored.closed_at == datetime(2030, 5, 18, 22, tzinfo=UTC)
    assert stored.decision_on == TODAY + timedelta(days=14)


def test_open_challenges_take_answers_and_their_page_tells_since_when(
    seeded: Session, client: TestClient
) -> None:
    stored = challenge_of(seeded, "landstrom-ohne-baustelle")

    assert stored.takes_answers(NOON)
    events = [(event.action, event.at) for event in journal.history(seeded, stored)]
    assert events[-1] == ("challenge.open", stored.opened_at)
    assert [action for action, _ in events].count("challenge.clarified") == 2
    assert stored.title in client.get(f"/challenges/{stored.id}").text


def test_a_draft_has_neither_history_nor_jobs(seeded: Session) -> None:
    stored = challenge_of(seeded, "wool-back-to-yarn")

    assert (stored.submitted_at, stored.opened_at, stored.closed_at) == (None, None, None)
    assert journal.history(seeded, stored) == []
    assert stored.id not in {job.payload.get("challenge_id") for job in seeded.scalars(select(Job))}


def test_everything_handed_in_is_matched(seeded: Session) -> None:
    states = ChallengeState
    past = {states.DRAFT, states.EVALUATING, states.PILOTING, states.COMPLETED}
    is_handed_in = Challenge.is_sample & Challenge.state.not_in(past)
    wanted = select(Job).where(Job.kind == MATCHING_WANTED)

    assert sorted(job.payload["challenge_id"] for job in seeded.scalars(wanted)) == sorted(
        seeded.scalars(select(Challenge.id).where(is_handed_in))
    )


def test_those_a_visitor_can_sign_in_as_find_what_fits_them(seeded: Session) -> None:
    wanted = seeded.scalars(select(Job).where(Job.kind == FEED_WANTED))
    slugs = {person.organisation for person in DEMO_PEOPLE if person.organisation}
    ids = seeded.scalars(select(Organisation.id).where(Organisation.slug.in_(slugs)))

    assert {job.payload["organisation_id"] for job in wanted} == set(ids)


def test_every_open_challenge_is_closed_at_its_deadline(seeded: Session) -> None:
    closing = select(Job).where(Job.kind == CLOSING).order_by(Job.run_at)
    is_open = Challenge.state == ChallengeState.OPEN
    deadlines = select(Challenge.id, Challenge.closes_at).where(is_open)

    assert [(job.payload["challenge_id"], job.run_at) for job in seeded.scalars(closing)] == [
        tuple(row) for row in seeded.execute(deadlines.order_by(Challenge.closes_at))
    ]


def test_the_worker_closes_the_demo_challenge_in_its_first_moment_after(
    seeded: Session, runner: JobRunner, clock: FakeClock
) -> None:
    seeded.execute(delete(Job).where(Job.kind != CLOSING))  # no model is needed here
    stored = challenge_of(seeded, "gepaeckband-vor-dem-stillstand")
    assert stored.closes_at

    clock.now = stored.closes_at - timedelta(seconds=1)
    assert runner.drain() == 0
    clock.now = stored.closes_at
    runner.drain()

    seeded.refresh(stored)
    assert stored.state is ChallengeState.CLOSED


def test_an_answer_is_there_in_full(seeded: Session) -> None:
    line = next(x for x in lines("sample_responses.jsonl") if x["organisation"] == "gardemaille")
    challenge = challenge_of(seeded, "fours-sous-bonne-garde")
    organisation_id = organisation_of(seeded, "gardemaille").id
    statement = select(Response).where(Response.organisation_id == organisation_id)

    stored = seeded.scalars(statement.options(selectinload(Response.requirement_answers))).one()

    assert stored.challenge_id == challenge.id
    assert stored.state is ResponseState.SUBMITTED
    parts = ("lang", "title", "approach", "timeline", "price_eur", "price_note", "contact")
    assert {part: getattr(stored, part) for part in parts} == {part: line[part] for part in parts}
    assert [stored.answer_to(row) for row in challenge.requirements] == line["answers"]
    assert stored.submitted_at == start_of(TODAY - timedelta(days=22)) + timedelta(hours=14)
    [event] = journal.history(seeded, stored)
    assert (event.action, event.organisation_name) == ("response.submitted", "Gardemaille")


def test_answers_were_handed_in_in_time_and_drafts_not_at_all(seeded: Session) -> None:
    drafts = select(Response.submitted_at).where(Response.state == ResponseState.DRAFT)
    in_time = (
        select(func.count(Response.id))
        .join(Challenge)
        .where(
            Response.state != ResponseState.DRAFT,
            Challenge.opened_at < Response.created_at,
            Response.created_at < Response.submitted_at,
            Response.submitted_at < Challenge.closes_at,
            Response.submitted_at < NOON,
        )
    )

    assert seeded.scalars(drafts).all() == [None, None]
    assert seeded.scalar(in_time) == 20


def test_real_challenges_are_closed_and_name_source_and_licence(seeded: Session) -> None:
    by_title = {line["title"]: line for line in lines("real_challenges.jsonl")}
    stored = seeded.scalars(select(Challenge).where(~Challenge.is_sample)).all()

    for challenge in stored:
        line = by_title[challenge.title]
        assert challenge.state is ChallengeState.CLOSED
        assert challenge.source == f"{line['source']} – {line['licence']}"
        assert (challenge.need, challenge.source_url) == (line["text"], line["source_url"])
        assert challenge.summary
        assert not challenge.takes_answers(NOON)


def test_seeding_queues_no_mail(seeded: Session) -> None:
    assert count(seeded, Mail) == 0


def test_a_migrated_database_is_empty(session: Session) -> None:
    assert is_empty(session)


def test_a_seeded_database_is_not_empty_any_more(seeded: Session) -> None:
    assert not is_empty(seeded)


def test_a_partner_is_asked_a_consent_is_given_and_a_search_is_kept(seeded: Session) -> None:
    partner = seeded.scalars(select(ResponsePartner)).one()
    assert partner.organisation_id == organisation_of(seeded, "quai-volta").id
    assert partner.state is PartnerState.INVITED

    consent = seeded.scalars(select(Consent)).one()
    answer = seeded.get_one(Response, consent.response_id)
    assert answer.organisation_id == organisation_of(seeded, "deichwacht-ot").id

    search = seeded.scalars(select(SavedSearch)).one()
    assert search.query == filters_in(search.query)
    assert search.seen_ids


def test_an_owner_has_a_record_a_purchase_is_linked_and_the_region_is_waited_for(
    seeded: Session, client: TestClient
) -> None:
    port = organisation_of(seeded, "hafenverwaltung-elbwerder")
    events = outcomes.changes_of(seeded, port.id)
    record = track_record(events, outcomes.records_of(seeded, port.id), today=TODAY)
    [(waiting, is_flagged)] = challenges_to_cosign(seeded, count=5)
    [purchase] = seeded.scalars(select(Purchase))

    assert (record.answered.count, record.answered.of) == (5, 5)
    assert (record.piloted.count, record.piloted.of) == (1, 3)
    assert record.median_days is not None
    assert waiting.owner_id == port.id
    assert not is_flagged
    bought = seeded.scalars(select(Pilot).where(Pilot.challenge_id == purchase.challenge_id)).one()
    assert bought.state is PilotState.COMPLETED
    assert purchase.what in client.get(f"/challenges/{purchase.challenge_id}").text


def test_trails_name_people(seeded: Session) -> None:
    events = seeded.scalars(select(Event)).all()
    people = set(seeded.scalars(select(User.name)))

    named = {event.user_name for event in events if event.organisation_id}
    assert named <= people
    assert len(named) > 15
    assert {event.user_name for event in events if not event.organisation_id} == {""}
    assert not any("@" in name or name.isdecimal() for name in people)
    assert len(people) > 60  # names of contacts hardly repeat


def test_one_pilot_runs_and_one_is_completed_and_taken_over(
    seeded: Session, client: TestClient
) -> None:
    running, completed = (
        seeded.scalars(select(Pilot).where(Pilot.state == state)).one()
        for state in (PilotState.RUNNING, PilotState.COMPLETED)
    )

    assert seeded.scalars(select(Replication.pilot_id)).all() == [completed.id]
    for pilot in (running, completed):
        assert pilot.title in client.get("/pilots").text
        assert client.get(f"/pilots/{pilot.id}").status_code == 200
        assert client.get(f"/challenges/{pilot.challenge_id}").status_code == 200
    assert "anémomètre" in client.get(f"/pilots/{completed.id}").text
    assert [event.action for event in journal.history(seeded, running)] == [
        "pilot.extension_proposed", "pilot.running", "pilot.agreed", "pilot.signed", "pilot.signed",
        "pilot.drafted",
    ]  # fmt: skip


def test_a_batch_went_out_somebody_is_held_back_and_a_referral_waits(seeded: Session) -> None:
    [number] = seeded.scalars(
        select(Challenge.id).where(Challenge.title.like("Rafraîchir les cours%"))
    )
    challenge = challenge_by_id(seeded, number)
    assert challenge is not None
    found = recipients_of(seeded, challenge, per_week=3, now=NOON)
    coming = round_of(seeded, challenge, found, now=NOON)
    last = last_batch(seeded, number)
    assert last is not None
    assert (last.number, last.size, last.unanswered) == (1, 2, 2)
    assert [each.card.organisation.slug for each in coming.held] == ["cigale-mesure"]
    [referral] = seeded.scalars(select(Referral))
    assert referral.organisation_id == organisation_of(seeded, "quai-volta").id
    assert referral.state is ReferralState.PROPOSED
