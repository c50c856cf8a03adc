"""Fill an empty database with the demo: clusters, organisations, challenges, answers, people."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.actions import enqueue_closing, plan_watching
from app.challenges.models import ANSWERS_CLOSED, MATCHING_WANTED, Challenge, ChallengeState
from app.core import jobs, journal
from app.core.journal import TIMER
from app.core.passwords import hash_password
from app.opportunities.actions import request_feed
from app.organisations.models import (
    ClusterMembership,
    MemberRole,
    Membership,
    Organisation,
    OrganisationKind,
)
from app.responses.models import ResponseState
from scripts import demo_records
from scripts.demo_answering import add_answering
from scripts.demo_consultations import add_consultations
from scripts.demo_curating import add_curating
from scripts.demo_decided import add_decided
from scripts.demo_dialogue import add_dialogue, add_follows
from scripts.demo_panel import add_panels
from scripts.demo_people import DEMO_PASSWORD, DEMO_PEOPLE, acting_for, contact_name
from scripts.demo_pilots import add_pilots
from scripts.demo_records import Line
from scripts.demo_sites import add_sites

FOLDER = Path(__file__).with_name("demo_data")


def is_empty(session: Session) -> bool:
    """Whether nobody has put an organisation into the database yet."""
    return session.scalar(select(Organisation.id).limit(1)) is None


def seed(session: Session, *, now: datetime) -> None:
    """Add the whole demo to the running transaction, and the jobs its challenges wait for."""
    demo = Demo(session, now)
    demo.add_clusters()
    demo.add_sample_organisations()
    demo.add_people()
    add_sites(session, lines("sample_sites.jsonl"), demo.organisations, now=now)
    demo.add_sample_challenges()
    demo.add_sample_responses()
    demo.add_dialogue()
    add_pilots(session, lines("sample_pilots.jsonl"), demo.organisations, now=now)
    add_answering(session, now=now)
    add_panels(session, demo.challenges, now=now)
    add_decided(session, lines("sample_decided.jsonl"), demo.organisations, now=now)
    consultations = lines("sample_consultations.jsonl")
    add_consultations(session, consultations, demo.organisations, now=now)
    demo.add_real_profiles()
    add_curating(session, demo.organisations, demo.challenges, now=now)
    demo.add_real_challenges()
    demo.request_feeds()


def lines(name: str) -> Iterator[Line]:
    """Return the objects of one file of the demo data."""
    with (FOLDER / name).open(encoding="utf-8") as file:
        yield from map(json.loads, file)


@dataclass
class Demo:
    """The demo on its way into a database; rows are found again by their slug."""

    session: Session
    now: datetime
    organisations: dict[str, Organisation] = field(default_factory=dict)
    challenges: dict[str, Challenge] = field(default_factory=dict)

    def add_clusters(self) -> None:
        """Add the real clusters with what is published about them."""
        for line in lines("clusters.jsonl"):
            cluster = self._organisation(line, kind=OrganisationKind.CLUSTER)
            self.session.add(demo_records.cluster_facts(line, cluster))

    def add_sample_organisations(self) -> None:
        """Add the invented organisations, their passages and their clusters."""
        for line in lines("sample_organisations.jsonl"):
            organisation = self._organisation(line, kind=OrganisationKind(line["kind"]))
            self.session.add_all(demo_records.passages(line, organisation, now=self.now))
            for slug in line["clusters"]:
                cluster_id = self.organisations[slug].id
                self.session.add(
                    ClusterMembership(
                        cluster_id=cluster_id, member_id=organisation.id, created_at=self.now
                    )
                )

    def add_people(self) -> None:
        """Add those a visitor can sign in as, and a contact for every other sample."""
        password_hash = hash_password(DEMO_PASSWORD)
        for person in DEMO_PEOPLE:
            user = self._user(person.email, person.name, person.locale, password_hash)
            user.is_regional_developer = person.is_regional_developer
            user.is_administrator = person.is_administrator
            if person.organisation:
                self._join(user, self.organisations[person.organisation])
        taken = {person.organisation for person in DEMO_PEOPLE}
        for number, (slug, organisation) in enumerate(self.organisations.items()):
            if organisation.is_sample and slug not in taken:
                lang = organisation.lang
                name = contact_name(lang, number)
                contact = self._user(f"contact@{slug}.example", name, lang, password_hash)
                self._join(contact, organisation)

    def add_sample_challenges(self) -> None:
        """Add the invented challenges, what happened to them, and the jobs they wait for."""
        for line in lines("sample_challenges.jsonl"):
            challenge = demo_records.sample_challenge(
                line,
                owner=self.organisations[line["owner"]],
                cluster=self.organisations[line["curating_cluster"]],
                now=self.now,
            )
            self.session.add(challenge)
            self.session.flush()
            self.challenges[line["slug"]] = challenge
            self._tell_history(challenge)
            self._enqueue_jobs(challenge)

    def add_sample_responses(self) -> None:
        """Add the invented answers: drafts, and those handed in while their challenge was open."""
        for line in lines("sample_responses.jsonl"):
            organisation = self.organisations[line["organisation"]]
            response = demo_records.response(
                line,
                challenge=self.challenges[line["challenge"]],
                organisation=organisation,
                now=self.now,
            )
            self.session.add(response)
            if response.submitted_at:
                journal.record(
                    self.session,
                    response,
                    "response.submitted",
                    by=acting_for(self.session, organisation),
                    at=response.submitted_at,
                    from_state=ResponseState.DRAFT,
                    to_state=ResponseState.SUBMITTED,
                )

    def add_dialogue(self) -> None:
        """Add what was asked and added, and let the region follow it."""
        told = list(lines("sample_dialogue.jsonl"))
        add_dialogue(self.session, told, self.challenges, now=self.now)
        steering = select(User).where(User.is_regional_developer)
        followed = [self.challenges[slug] for slug in sorted({line["challenge"] for line in told})]
        add_follows(self.session, self.session.scalars(steering).all(), followed, now=self.now)

    def add_real_profiles(self) -> None:
        """Add real organisations; they are read here, nobody acts for them."""
        for line in lines("real_profiles.jsonl"):
            organisation = self._organisation(
                {**line, "slug": line["id"], "city": line["place"]},
                kind=OrganisationKind(line["kind"]),
            )
            self.session.add_all(demo_records.passages(line, organisation, now=self.now))

    def add_real_challenges(self) -> None:
        """Add real challenges of others."""
        for line in lines("real_challenges.jsonl"):
            owner = self._real_owner(line)
            self.session.add(demo_records.real_challenge(line, owner=owner, now=self.now))

    def request_feeds(self) -> None:
        """Have those a visitor can sign in as find what fits them."""
        for person in DEMO_PEOPLE:
            if person.organisation:
                request_feed(self.session, self.organisations[person.organisation].id, at=self.now)

    def _organisation(self, line: Line, *, kind: OrganisationKind) -> Organisation:
        organisation = demo_records.organisation(line, kind=kind, now=self.now)
        self.session.add(organisation)
        self.session.flush()
        self.organisations[organisation.slug] = organisation
        return organisation

    def _real_owner(self, line: Line) -> Organisation:
        known = {o.name: o for o in self.organisations.values()}
        if line["owner"] in known:
            return known[line["owner"]]
        shown = {key: line[key] for key in ("lang", "source", "licence")}
        return self._organisation(
            {"slug": f"owner-of-{line['id']}", "name": line["owner"], **shown},
            kind=OrganisationKind(line["owner_kind"]),
        )

    def _user(self, email: str, name: str, locale: str, password_hash: str) -> User:
        user = User(
            email=email,
            name=name,
            locale=locale,
            password_hash=password_hash,
            created_at=self.now,
            email_confirmed_at=self.now,
        )
        self.session.add(user)
        self.session.flush()
        return user

    def _join(self, user: User, organisation: Organisation) -> None:
        self.session.add(
            Membership(
                user_id=user.id,
                organisation_id=organisation.id,
                role=MemberRole.MANAGER,
                created_at=self.now,
            )
        )

    def _tell_history(self, challenge: Challenge) -> None:
        opening = (ChallengeState.SCHEDULED, ChallengeState.OPEN, challenge.opened_at)
        closing = (ChallengeState.OPEN, ChallengeState.CLOSED, challenge.closed_at)
        for source, target, at in (opening, closing):
            if at:
                journal.record(
                    self.session,
                    challenge,
                    f"challenge.{target}",
                    by=TIMER,
                    at=at,
                    from_state=source,
                    to_state=target,
                )

    def _enqueue_jobs(self, challenge: Challenge) -> None:
        if challenge.state is not ChallengeState.DRAFT:
            key, payload = f"{MATCHING_WANTED}:{challenge.id}", {"challenge_id": challenge.id}
            jobs.enqueue(self.session, MATCHING_WANTED, payload, at=self.now, dedupe_key=key)
            plan_watching(self.session, challenge, at=self.now)
        if challenge.state is ChallengeState.OPEN:
            enqueue_closing(self.session, challenge, at=self.now)
        if challenge.state is ChallengeState.CLOSED:
            payload = {"challenge_id": challenge.id}
            jobs.enqueue(self.session, ANSWERS_CLOSED, payload, at=self.now)
