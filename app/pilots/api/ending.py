"""Decided on, given back, stopped, taken over by others."""

from app.accounts.models import Scope
from app.core.database import DbSession
from app.core.i18n import gettext
from app.core.json_api import ApiRouter, Done
from app.core.outbox import RequestOutbox
from app.core.problems import Invalid
from app.organisations.access import SignedInActor
from app.pilots.access import AnySeat, OwnersPilot, PossibleHomes, ReplicablePilot
from app.pilots.actions import ending, replicating, running
from app.pilots.api.reading import done
from app.pilots.schemas.bodies import Concluded, GivenBack, StoppedEarly, TakenOver

router = ApiRouter("pilots")
WRITE = Scope.PILOTS_WRITE


@router.act("/pilots/{pilot_id}/decision", "complete", scope=WRITE, twin="pilots:complete")
def complete_pilot(
    pilot: OwnersPilot,
    typed: Concluded,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> Done:
    """Judge the reported results and decide: scale, adapt or stop. The lessons are public."""
    ending.complete(session, pilot, typed.conclusion(), by=actor, outbox=outbox)
    session.flush()
    return done(pilot)


@router.act("/pilots/{pilot_id}/return", "send_back", scope=WRITE, twin="pilots:send_back")
def send_back(
    pilot: OwnersPilot,
    typed: GivenBack,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> Done:
    """Give reported results back, for instance because something is to be measured again."""
    running.send_back(session, pilot, typed.reason, by=actor, outbox=outbox)
    session.flush()
    return done(pilot)


@router.act("/pilots/{pilot_id}/stop", "stop", scope=WRITE, twin="pilots:stop")
def stop_pilot(
    seat: AnySeat, typed: StoppedEarly, session: DbSession, outbox: RequestOutbox
) -> Done:
    """End a pilot before its time; either side may."""
    reason, lessons = typed.reason, typed.lessons
    ending.stop(session, seat, reason=reason, lessons=lessons, outbox=outbox)
    session.flush()
    return done(seat.pilot)


@router.act(
    "/pilots/{pilot_id}/replicate", "replicate", scope=WRITE, twin="pilots:replicate",
    status_code=201,
)  # fmt: skip
def replicate_pilot(
    pilot: ReplicablePilot,
    possible: PossibleHomes,
    typed: TakenOver,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> Done:
    """Begin a challenge of your own with what a completed pilot has shown; its draft is named."""
    owners = {organisation.id: organisation for organisation in possible}
    owner = owners.get(typed.organisation_id)
    if owner is None:
        raise Invalid({"organisation_id": gettext("Choose your organisation.")})
    home = replicating.NewHome(owner, typed.title, typed.place)
    draft = replicating.replicate(session, pilot, home, by=actor, outbox=outbox)
    session.flush()
    return Done(id=draft.id, state=draft.state, version=draft.version)
