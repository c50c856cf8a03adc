"""Evaluation: who evaluates, what ties them to whom, how they score, what they discussed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.challenges.models import Challenge, Criterion
from app.core.database import Base
from app.core.event_words import Topic, declare
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.core.state_machine import Act, Mover, StateMachine, arrows
from app.organisations.models import Organisation
from app.responses.models import Response

MAX_POINTS = 5


class EvaluatorState(LabelledEnum):
    """Where an evaluator stands."""

    PROPOSED = "proposed", N_("Asked to declare conflicts")
    ACTIVE = "active", N_("Evaluating")
    RECUSED = "recused", N_("Recused")
    DONE = "done", N_("Done")


S = EvaluatorState
MACHINE: StateMachine[EvaluatorState] = StateMachine(
    "evaluator",
    [
        *arrows([S.PROPOSED], S.ACTIVE, Mover.EVALUATOR),
        *arrows(
            [S.PROPOSED, S.ACTIVE],
            S.RECUSED,
            Mover.EVALUATOR,
            Mover.OWNER,
            Mover.CURATOR,
            Mover.TIMER,
            needs_reason=True,
        ),
        # What came up after the last score: found, or said by the evaluator; never chosen.
        *arrows([S.DONE], S.RECUSED, Mover.EVALUATOR, Mover.TIMER, needs_reason=True),
        # Also when what was left to score is withdrawn, and back again with the next round.
        *arrows([S.ACTIVE], S.DONE, Mover.EVALUATOR, Mover.TIMER),
        *arrows([S.DONE], S.ACTIVE, Mover.TIMER),
    ],
    acts=[Act("declared", frozenset({S.ACTIVE, S.DONE}), frozenset({Mover.EVALUATOR}))],
)
SCORING_STATES = frozenset({S.ACTIVE, S.DONE})
"""States of an evaluator without conflicts, who may read the answers."""


class Conflict(LabelledEnum):
    """Why somebody should not evaluate somebody's answer; no more than this is ever shown."""

    MEMBERSHIP = "membership", N_("Belongs to the answering organisation")
    EMPLOYER = "employer", N_("Same e-mail domain as the answering organisation")
    FORMER_EMPLOYER = "former_employer", N_("Worked for the answering organisation")
    BOARD_SEAT = "board_seat", N_("Has a seat on one of its boards")
    SHAREHOLDING = "shareholding", N_("Holds shares in it")
    JOINT_PROJECT = "joint_project", N_("Joint project in the last three years")
    SECOND_ACCOUNT = "second_account", N_("Somebody of the same name or e-mail belongs to it")
    PERSONAL = "personal", N_("Family, friendship or dispute")
    ADMINISTRATIVE = "administrative", N_("Noted by the regional developers")
    DISMISSED = "dismissed", N_("Dismissed by the owner or the cluster manager")


DECLARABLE = (
    Conflict.FORMER_EMPLOYER, Conflict.BOARD_SEAT, Conflict.SHAREHOLDING, Conflict.JOINT_PROJECT,
    Conflict.PERSONAL,
)  # fmt: skip
"""Conflicts that an evaluator may declare."""
TIE_KINDS = (
    Conflict.FORMER_EMPLOYER, Conflict.BOARD_SEAT, Conflict.SHAREHOLDING, Conflict.JOINT_PROJECT,
)  # fmt: skip
"""Conflicts that last beyond one challenge."""


class Tie(Base):
    """What ties a person to an organisation they do not belong to."""

    __tablename__ = "ties"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    kind: Mapped[Conflict]
    ended_on: Mapped[date | None]
    """Its last day; none while it lasts."""
    noted_at: Mapped[datetime]
    noted_by_name: Mapped[str]


class Evaluator(Base):
    """A person asked to evaluate the answers to a challenge."""

    __tablename__ = "evaluators"
    __table_args__ = (UniqueConstraint("challenge_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id", ondelete="CASCADE"))
    challenge: Mapped[Challenge] = relationship(lazy="raise")
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    user: Mapped[User] = relationship(lazy="raise")
    state: Mapped[EvaluatorState] = mapped_column(default=EvaluatorState.PROPOSED)
    proposed_at: Mapped[datetime]
    proposed_by_name: Mapped[str]
    declared_at: Mapped[datetime | None]
    recusal: Mapped[Conflict | None]
    """The sort of conflict for which they are recused."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class ScoreSheet(Base):
    """What one evaluator thinks of one answer; final and visible to others once locked."""

    __tablename__ = "score_sheets"
    __table_args__ = (UniqueConstraint("evaluator_id", "response_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluator_id: Mapped[int] = mapped_column(ForeignKey("evaluators.id", ondelete="CASCADE"))
    evaluator: Mapped[Evaluator] = relationship(lazy="raise")
    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id", ondelete="CASCADE"), index=True
    )
    response: Mapped[Response] = relationship(lazy="raise")
    saved_at: Mapped[datetime]
    locked_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    scores: Mapped[list["Score"]] = relationship(
        order_by="Score.criterion_id", cascade="all, delete-orphan", lazy="raise"
    )

    __mapper_args__ = {"version_id_col": version}

    def score_for(self, criterion: Criterion) -> "Score | None":
        """Return what is given for one criterion."""
        return next((s for s in self.scores if s.criterion_id == criterion.id), None)


class Score(Base):
    """Points and a comment for one criterion."""

    __tablename__ = "scores"
    __table_args__ = (
        UniqueConstraint("sheet_id", "criterion_id"),
        CheckConstraint(f"points BETWEEN 0 AND {MAX_POINTS}", name="points"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("score_sheets.id", ondelete="CASCADE"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criteria.id"))
    points: Mapped[int | None]
    comment: Mapped[str] = mapped_column(default="")


class Discussion(Base):
    """What the evaluators said to each other where they had been far apart."""

    __tablename__ = "discussions"

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id", ondelete="CASCADE"), unique=True
    )
    response: Mapped[Response] = relationship(lazy="raise")
    text: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by_name: Mapped[str]


declare(
    Topic.EVALUATION,
    {
        "evaluator.proposed": N_("Evaluator asked to declare conflicts"),
        "evaluator.active": N_("Evaluator declared to have no conflict"),
        "evaluator.recused": N_("Evaluator recused"),
        "evaluator.declared": N_("Evaluator declared on further answers"),
        "evaluator.done": N_("Evaluator has scored every answer"),
        "sheet.locked": N_("Scores of an evaluator locked"),
        "discussion.recorded": N_("Discussion of an answer recorded"),
    },
)
declare(
    Topic.PLATFORM,
    {
        "tie.noted": N_("Tie of a person to an organisation noted"),
        "tie.ended": N_("Tie of a person to an organisation ended"),
    },
)
