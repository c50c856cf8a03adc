"""What the guides are walked through: one row in each state that a step needs, in a language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.core.jobs import Job, JobState
from app.evaluations.models import EvaluatorState
from app.help.guides.guide import Step
from app.matches.models import Evidence, MatchState
from app.monitoring import actions as monitoring
from app.organisations.models import MemberRole, Organisation, OrganisationKind
from app.responses.models import ResponseState
from tests.factories import EARLIER, find, save
from tests.factories.challenges import make_challenge, make_draft
from tests.factories.evaluations import make_evaluator
from tests.factories.matches import make_match, make_match_run
from tests.factories.messages import make_message
from tests.factories.people import join_cluster, make_cluster, make_member, make_user
from tests.factories.people import make_organisation as make_any
from tests.factories.profiles import make_passage
from tests.factories.responses import make_response


@dataclass(frozen=True)
class Said:
    """What the rows say in one language."""

    owner: str
    cluster: str
    startup: str
    others: tuple[str, str]
    title: str
    summary: str
    requirements: tuple[str, str]
    quote: str
    source: str
    approach: str


SAID: Mapping[str, Said] = {
    "en": Said(
        owner="Harbour Office",
        cluster="Maritime Cluster",
        startup="Quay Plug",
        others=("Northern Cables", "Institute for Port Energy"),
        title="Shore power for ferries at berth",
        summary="Ferries lie at the quay with running engines. Neighbours complain of the air.",
        requirements=("Connects a ferry within ten minutes", "Works at 400 volts"),
        quote="We build shore power connections for ferries.",
        source="Pilot report 2029, page 4",
        approach="A crane arm brings the plug to the ferry in four minutes.",
    ),
    "de": Said(
        owner="Hafenamt",
        cluster="Maritimes Cluster",
        startup="Kaistecker",
        others=("Nordkabel", "Institut für Hafenenergie"),
        title="Landstrom für Fähren am Liegeplatz",
        summary="Fähren liegen mit laufenden Motoren am Kai. Nachbarn klagen über die Luft.",
        requirements=("Verbindet eine Fähre in zehn Minuten", "Arbeitet mit 400 Volt"),
        quote="Wir bauen Landstromanschlüsse für Fähren.",
        source="Pilotbericht 2029, Seite 4",
        approach="Ein Kranarm bringt den Stecker in vier Minuten zur Fähre.",
    ),
    "fr": Said(
        owner="Capitainerie du port",
        cluster="Pôle maritime",
        startup="Prise de Quai",
        others=("Câbles du Nord", "Institut de l’énergie portuaire"),
        title="Courant de quai pour les ferries",
        summary="Les ferries restent à quai moteurs allumés. Le voisinage se plaint de l’air.",
        requirements=("Raccorde un ferry en dix minutes", "Fonctionne en 400 volts"),
        quote="Nous construisons des raccordements à quai pour les ferries.",
        source="Rapport d’expérimentation 2029, page 4",
        approach="Un bras de grue amène la prise au ferry en quatre minutes.",
    ),
}


@dataclass(frozen=True)
class World:
    """Who walks which guide, and the ids that its addresses need."""

    people: Mapping[str, User]
    ids: Mapping[str, str]

    def address(self, step: Step) -> str:
        """Return where a step is done here."""
        return step.path.format(**self.ids)


def make_guide_world(session: Session, lang: str, *, now: datetime) -> World:
    """Return a world in which every step of every guide can be taken, its figures counted."""
    said = SAID[lang]
    owner = make_organisation(said.owner, lang, OrganisationKind.PUBLIC_BODY)
    cluster = make_cluster(name=said.cluster)
    startup = make_organisation(said.startup, lang)
    others = [make_organisation(name, lang) for name in said.others]
    for member in (startup, *others):
        join_cluster(member, cluster)
        make_passage(member, text=said.quote, title=said.title, lang=lang)
    make_any(name=said.others[0], lang=lang, is_verified=False)
    challenges = _challenges(owner, cluster, said, lang)
    evaluator = make_user(email="femke@panel.example", name="Femke Oltmanns", locale=lang)
    ids = {
        "slug": startup.slug,
        "cluster": cluster.slug,
        **{name: str(challenge.id) for name, challenge in challenges.items()},
        **_matches(challenges["open"], startup, others, said),
        **_answers(challenges, (startup, *others), said, lang),
    }
    make_evaluator(challenges["evaluating"], evaluator)
    make_evaluator(challenges["declaring"], evaluator, state=EvaluatorState.PROPOSED)
    administrator = make_user(is_administrator=True, locale=lang)
    make_message(administrator, html=said.summary)
    _give_up_a_job()
    monitoring.keep(session, monitoring.count(session, now=now))
    session.commit()
    return World(
        {
            "owner": make_member(owner, role=MemberRole.MANAGER),
            "responder": make_member(startup, role=MemberRole.MANAGER),
            "cluster-manager": make_member(cluster, role=MemberRole.MANAGER),
            "evaluator": evaluator,
            "region": make_user(is_regional_developer=True, locale=lang),
            "administrator": administrator,
        },
        ids,
    )


def make_organisation(
    name: str, lang: str, kind: OrganisationKind = OrganisationKind.STARTUP
) -> Organisation:
    """Return a verified organisation with this name."""
    return make_any(name=name, lang=lang, kind=kind)


def _challenges(
    owner: Organisation, cluster: Organisation, said: Said, lang: str
) -> dict[str, Challenge]:
    states = {
        "open": ChallengeState.OPEN,
        "closed": ChallengeState.CLOSED,
        "declaring": ChallengeState.CLOSED,
        "evaluating": ChallengeState.EVALUATING,
    }
    made = {
        "draft": make_draft(owner=owner, curating_cluster=cluster),
        "review": make_draft(owner=owner, curating_cluster=cluster, state=ChallengeState.IN_REVIEW),
        **{
            name: make_challenge(owner=owner, curating_cluster=cluster, state=state)
            for name, state in states.items()
        },
    }
    for challenge in made.values():
        challenge.title, challenge.summary, challenge.lang = said.title, said.summary, lang
        for requirement, text in zip(challenge.requirements, said.requirements, strict=True):
            requirement.text = text
        challenge.submitted_at, challenge.answer_languages = EARLIER, list(SAID)
        if challenge.state in {ChallengeState.CLOSED, ChallengeState.EVALUATING}:
            challenge.closes_at = EARLIER
        save(challenge)
    make_match_run(made["review"])
    return made


def _matches(
    challenge: Challenge, startup: Organisation, others: list[Organisation], said: Said
) -> dict[str, str]:
    run = make_match_run(challenge)
    states = (MatchState.SUGGESTED, MatchState.KEPT)
    matches = [make_match(challenge, startup, state=MatchState.SENT, run=run, rank=3, score=71)]
    matches += [
        make_match(challenge, organisation, state=state, run=run, rank=rank, score=90 - rank)
        for rank, (organisation, state) in enumerate(zip(others, states, strict=True), start=1)
    ]
    for evidence in find(select(Evidence).where(Evidence.quote != "")):
        evidence.quote, evidence.source, evidence.highlights = said.quote, said.source, []
        evidence.lang = challenge.lang
        save(evidence)
    return {"invitation": str(matches[0].id)}


def _answers(
    challenges: Mapping[str, Challenge],
    organisations: tuple[Organisation, ...],
    said: Said,
    lang: str,
) -> dict[str, str]:
    states = {
        "open": ResponseState.DRAFT,
        "closed": ResponseState.SCREENING,
        "declaring": ResponseState.ELIGIBLE,
        "evaluating": ResponseState.IN_EVALUATION,
    }
    made = {}
    for name, state in states.items():
        for organisation in organisations[:1] if name == "open" else organisations:
            answer = make_response(challenges[name], organisation, state=state, title=said.approach)
            answer.approach, answer.lang = said.approach, lang
            made[name] = save(answer)
    return {"answer": str(made["open"].id), "scored": str(made["evaluating"].id)}


def _give_up_a_job() -> None:
    save(
        Job(
            kind="mail.deliver",
            payload={},
            dedupe_key=None,
            state=JobState.DEAD,
            created_at=EARLIER,
            run_at=EARLIER,
            attempts=8,
            last_error="ConnectionRefusedError: the mail server did not answer",
            finished_at=EARLIER,
        )
    )
