"""Fill an empty database with the demo: clusters, organisations, challenges, people."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import (
    MATCHING_WANTED,
    Challenge,
    ChallengeState,
    Requirement,
    RequirementKind,
)
from app.core import jobs
from app.core.i18n import TIME_ZONE
from app.core.passwords import hash_password
from app.organisations.models import (
    ClusterFacts,
    ClusterMembership,
    MemberRole,
    Membership,
    Organisation,
    OrganisationKind,
)
from app.profiles.models import Passage, PassageKind
from scripts.demo_people import DEMO_PASSWORD, DEMO_PEOPLE

FOLDER = Path(__file__).with_name("demo_data")
ANSWER_LANGUAGES = ["en", "de", "fr"]


def is_empty(session: Session) -> bool:
    """Whether nobody has put an organisation into the database yet."""
    return session.scalar(select(Organisation.id).limit(1)) is None


def seed(session: Session, *, now: datetime) -> None:
    """Add the whole demo to the running transaction, and the jobs that match its challenges."""
    demo = Demo(session, now)
    demo.add_clusters()
    demo.add_sample_organisations()
    demo.add_people()
    demo.add_sample_challenges()
    demo.add_real_profiles()
    demo.add_real_challenges()


def lines(name: str) -> Iterator[dict[str, Any]]:
    """Return the objects of one file of the demo data."""
    with (FOLDER / name).open(encoding="utf-8") as file:
        yield from map(json.loads, file)


@dataclass
class Demo:
    """The demo on its way into a database."""

    session: Session
    now: datetime
    organisations: dict[str, Organisation] = field(default_factory=dict)

    def add_clusters(self) -> None:
        """Add the real clusters with what is published about them."""
        for line in lines("clusters.jsonl"):
            cluster = self._organisation(line, kind=OrganisationKind.CLUSTER)
            self.session.add(
                ClusterFacts(
                    organisation_id=cluster.id,
                    member_count=line["members"],
                    staff_count=line["staff"],
                    **{key: line[key] for key in ("region", "founded", "as_of")},
                    **{key: line[key] for key in ("sector_en", "sector_de", "sector_fr")},
                    **{key: line[key] for key in ("responsible", "coverage")},
                )
            )

    def add_sample_organisations(self) -> None:
        """Add the invented organisations, their passages and a contact for each."""
        for line in lines("sample_organisations.jsonl"):
            organisation = self._organisation(line, kind=OrganisationKind(line["kind"]))
            self._passages(organisation, line["passages"])
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
        for slug, organisation in self.organisations.items():
            if organisation.is_sample and slug not in taken:
                contact = self._user(
                    f"contact@{slug}.example", organisation.name, organisation.lang, password_hash
                )
                self._join(contact, organisation)

    def add_sample_challenges(self) -> None:
        """Add the invented challenges, with the jobs that match, open and close them."""
        for line in lines("sample_challenges.jsonl"):
            challenge = self._sample_challenge(line)
            self.session.add(challenge)
            self.session.flush()
            if challenge.state is not ChallengeState.DRAFT:
                jobs.enqueue(
                    self.session, MATCHING_WANTED, {"challenge_id": challenge.id}, at=self.now
                )

    def add_real_profiles(self) -> None:
        """Add real organisations; they are read here, nobody acts for them."""
        for line in lines("real_profiles.jsonl"):
            organisation = self._organisation(
                {**line, "slug": line["id"], "city": line["place"]},
                kind=OrganisationKind(line["kind"]),
            )
            self._passages(organisation, line["passages"])

    def add_real_challenges(self) -> None:
        """Add real challenges of others, closed: they are examples, not invitations."""
        for line in lines("real_challenges.jsonl"):
            self.session.add(
                Challenge(
                    owner_id=self._real_owner(line).id,
                    state=ChallengeState.CLOSED,
                    lang=line["lang"],
                    title=line["title"],
                    summary=first_sentence(line["text"]),
                    need=line["text"],
                    source=f"{line['source']} – {line['licence']}",
                    source_url=line.get("source_url", ""),
                    created_at=self.now,
                    updated_at=self.now,
                )
            )

    def _organisation(self, line: dict[str, Any], *, kind: OrganisationKind) -> Organisation:
        source = " – ".join(line[key] for key in ("source", "licence") if line.get(key))
        organisation = Organisation(
            kind=kind,
            verified_at=self.now,
            created_at=self.now,
            field_ids=line.get("fields", []),
            source=source,
            is_sample=line.get("is_sample", False),
            **{key: line[key] for key in ("slug", "name", "lang")},
            **{
                key: line.get(key) or ""
                for key in ("summary", "city", "country", "website", "size")
            },
            founded=line.get("founded"),
        )
        self.session.add(organisation)
        self.session.flush()
        self.organisations[organisation.slug] = organisation
        return organisation

    def _passages(self, organisation: Organisation, passages: list[dict[str, str]]) -> None:
        self.session.add_all(
            Passage(
                organisation_id=organisation.id,
                kind=PassageKind(passage["kind"]),
                created_at=self.now,
                updated_at=self.now,
                **{key: passage[key] for key in ("title", "text", "lang", "source")},
            )
            for passage in passages
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

    def _sample_challenge(self, line: dict[str, Any]) -> Challenge:
        opens, closes = self._day(line["opens_in_days"]), self._day(line["closes_in_days"])
        state = ChallengeState(line["state"])
        is_out = state in {ChallengeState.OPEN, ChallengeState.CLOSED}
        return Challenge(
            owner_id=self.organisations[line["owner"]].id,
            curating_cluster_id=self.organisations[line["curating_cluster"]].id,
            state=state,
            field_ids=line["fields"],
            answer_languages=ANSWER_LANGUAGES,
            opens_on=opens.date(),
            closes_at=closes + timedelta(days=1),
            decision_on=self._day(line["decision_in_days"]).date(),
            is_sample=True,
            created_at=min(self.now, opens - timedelta(days=14)),
            updated_at=self.now,
            submitted_at=None if state is ChallengeState.DRAFT else min(self.now, opens),
            opened_at=opens if is_out else None,
            closed_at=closes if state is ChallengeState.CLOSED else None,
            requirements=_requirements(line["requirements"]),
            **{key: line[key] for key in ("title", "summary", "need", "lang", "success_measure")},
            **{key: line[key] for key in ("conditions", "what_happens_next", "place")},
            budget_eur=line["budget_eur"],
            budget_reason=line["budget_reason"] or "",
        )

    def _day(self, in_days: int) -> datetime:
        """Local midnight at the beginning of a day, counted from today."""
        day = self.now.astimezone(TIME_ZONE).date() + timedelta(days=in_days)
        return datetime.combine(day, time(), TIME_ZONE)

    def _real_owner(self, line: dict[str, Any]) -> Organisation:
        slug = f"owner-of-{line['id']}"
        known = {o.name: o for o in self.organisations.values()}
        if line["owner"] in known:
            return known[line["owner"]]
        return self._organisation(
            {
                "slug": slug,
                "name": line["owner"],
                **{k: line[k] for k in ("lang", "source", "licence")},
            },
            kind=OrganisationKind(line["owner_kind"]),
        )


def _requirements(rows: list[dict[str, Any]]) -> list[Requirement]:
    return [
        Requirement(
            position=position,
            text=row["text"],
            kind=RequirementKind.MUST if row["must"] else RequirementKind.NICE,
        )
        for position, row in enumerate(rows, start=1)
    ]


def first_sentence(text: str, limit: int = 240) -> str:
    """Return the beginning of a text up to a sentence end, at most ``limit`` characters."""
    start = text[:limit]
    end = max(start.rfind(mark) for mark in (". ", "? ", "! ", ".\n"))
    return start[: end + 1] if end > 0 else start.rsplit(" ", 1)[0] + " …"
