"""What people are told about a pilot."""

from collections.abc import Callable
from functools import partial
from typing import Any

from app.accounts.models import User
from app.challenges.emails import about
from app.core.i18n import N_
from app.core.links import Links
from app.core.message_kinds import Frequency, MessageGroup, MessageKind
from app.core.outbox import Email
from app.core.rendering import email
from app.pilots import policy, queries
from app.pilots.models import InterimReport, Pilot

_SIDE = N_("You get this because your organisation is one of the two sides of the pilot.")
_CONCERNED = N_("You get this because you have to do with the challenge that the pilot is part of.")
KINDS = (
    MessageKind(
        "pilots.to_sign",
        label=N_("A pilot sheet waits for your signature"),
        why=_SIDE,
        group=MessageGroup.PILOTS,
        over=queries.signing_over,
    ),
    MessageKind(
        "pilots.sheet_changed",
        label=N_("A pilot sheet you signed was changed"),
        why=_SIDE,
        group=MessageGroup.PILOTS,
    ),
    MessageKind(
        "pilots.agreed",
        label=N_("A pilot is agreed"),
        why=_SIDE,
        group=MessageGroup.PILOTS,
    ),
    MessageKind(
        "pilots.begun",
        label=N_("A pilot begins"),
        why=_CONCERNED,
        group=MessageGroup.PILOTS,
        frequency=Frequency.DAILY,
    ),
    MessageKind(
        "pilots.report_wanted",
        label=N_("An interim report is due"),
        why=_SIDE,
        group=MessageGroup.PILOTS,
        over=queries.report_over,
    ),
    MessageKind(
        "pilots.interim_report",
        label=N_("An interim report is there"),
        why=_SIDE,
        group=MessageGroup.PILOTS,
        frequency=Frequency.DAILY,
    ),
    MessageKind(
        "pilots.results_wanted",
        label=N_("The results of a pilot are due"),
        why=_SIDE,
        group=MessageGroup.PILOTS,
        over=queries.results_over,
    ),
    MessageKind(
        "pilots.extension_wanted",
        label=N_("A longer term waits for your signature"),
        why=_SIDE,
        group=MessageGroup.PILOTS,
        over=queries.extension_over,
    ),
    MessageKind(
        "pilots.extended",
        label=N_("A pilot runs longer"),
        why=_CONCERNED,
        group=MessageGroup.PILOTS,
    ),
    MessageKind(
        "pilots.extension_declined",
        label=N_("A longer term is declined or taken back"),
        why=_SIDE,
        group=MessageGroup.PILOTS,
    ),
    MessageKind(
        "pilots.reported",
        label=N_("The results of a pilot are there"),
        why=_SIDE,
        group=MessageGroup.PILOTS,
    ),
    MessageKind(
        "pilots.sent_back",
        label=N_("The owner has given results back"),
        why=_SIDE,
        group=MessageGroup.PILOTS,
    ),
    MessageKind(
        "pilots.completed",
        label=N_("A pilot is completed"),
        why=_CONCERNED,
        group=MessageGroup.PILOTS,
    ),
    MessageKind(
        "pilots.stopped",
        label=N_("A pilot is stopped early"),
        why=_CONCERNED,
        group=MessageGroup.PILOTS,
    ),
    MessageKind(
        "pilots.lessons",
        label=N_("Lessons for a challenge like yours"),
        why=N_("You get this because your organisation has a challenge that asks for the like."),
        group=MessageGroup.PILOTS,
        frequency=Frequency.WEEKLY,
    ),
    MessageKind(
        "pilots.replicated",
        label=N_("Another owner takes your pilot over"),
        why=_SIDE,
        group=MessageGroup.PILOTS,
        frequency=Frequency.DAILY,
    ),
)
"""What is told here, and why."""


def to_sign(pilot: Pilot, *, to: User, links: Links) -> Email:
    """Ask one side to sign what the other side signed."""
    return _about(pilot, to, links, "to_sign", N_("Please sign the pilot sheet: %(pilot)s"))


def sheet_changed(pilot: Pilot, *, to: User, links: Links) -> Email:
    """Tell a side that signed that the sheet is another one now."""
    subject = N_("The pilot sheet was changed: %(pilot)s")
    return _about(pilot, to, links, "sheet_changed", subject)


def agreed(pilot: Pilot, *, to: User, links: Links) -> Email:
    """Tell both sides that the pilot is agreed and when it begins."""
    return _about(pilot, to, links, "agreed", N_("The pilot is agreed: %(pilot)s"))


def begun(pilot: Pilot, *, to: User, links: Links) -> Email:
    """Tell both sides and those who look after the challenge that the pilot runs."""
    return _about(pilot, to, links, "begun", N_("The pilot begins: %(pilot)s"))


def report_wanted(pilot: Pilot, report: InterimReport, *, to: User, links: Links) -> Email:
    """Remind the responder of an interim report."""
    subject = N_("An interim report is due: %(pilot)s")
    return _about(pilot, to, links, "report_wanted", subject, report=report)


def report_wanted_on(report: InterimReport) -> Callable[..., Email]:
    """Return the reminder of one report, as a message about its pilot."""

    def message(pilot: Pilot, *, to: User, links: Links) -> Email:
        return report_wanted(pilot, report, to=to, links=links)

    return message


def interim_report(pilot: Pilot, *, to: User, links: Links) -> Email:
    """Tell the owner that an interim report is there."""
    subject = N_("An interim report is there: %(pilot)s")
    return _about(pilot, to, links, "interim_report", subject)


def results_wanted(pilot: Pilot, *, to: User, links: Links) -> Email:
    """Remind both sides of the results at the end."""
    subject = N_("The results of the pilot are due: %(pilot)s")
    return _about(pilot, to, links, "results_wanted", subject)


def extension_wanted(pilot: Pilot, *, to: User, links: Links) -> Email:
    """Ask one side to sign the longer term that the other proposes."""
    subject = N_("Please sign the longer term: %(pilot)s")
    waiting = policy.open_extension(pilot)
    return _about(pilot, to, links, "extension_wanted", subject, extension=waiting)


def extended(pilot: Pilot, *, to: User, links: Links) -> Email:
    """Tell both sides and those who look after the challenge until when the pilot runs."""
    subject = N_("The pilot runs longer: %(pilot)s")
    return _about(pilot, to, links, "extended", subject, extension=pilot.extensions[-1])


def extension_declined(pilot: Pilot, *, to: User, links: Links, reason: str) -> Email:
    """Tell the other side that the last day stays, and why."""
    subject = N_("The last day stays: %(pilot)s")
    return _about(pilot, to, links, "extension_declined", subject, reason=reason)


def extension_declined_for(reason: str) -> Callable[..., Email]:
    """Return that message with its reason."""
    return partial(extension_declined, reason=reason)


def reported(pilot: Pilot, *, to: User, links: Links) -> Email:
    """Ask the owner to decide on the results."""
    return _about(pilot, to, links, "reported", N_("The results are there: %(pilot)s"))


def sent_back(pilot: Pilot, *, to: User, links: Links, reason: str) -> Email:
    """Tell the responder why the owner gave the results back."""
    subject = N_("The results are given back: %(pilot)s")
    return _about(pilot, to, links, "sent_back", subject, reason=reason)


def sent_back_for(reason: str) -> Callable[..., Email]:
    """Return that message with its reason."""
    return partial(sent_back, reason=reason)


def completed(pilot: Pilot, *, to: User, links: Links) -> Email:
    """Tell everybody concerned what the pilot has shown."""
    return _about(pilot, to, links, "completed", N_("What the pilot has shown: %(pilot)s"))


def stopped(pilot: Pilot, *, to: User, links: Links) -> Email:
    """Tell that a pilot ends early, and why."""
    return _about(pilot, to, links, "stopped", N_("The pilot is stopped: %(pilot)s"))


def lessons(pilot: Pilot, *, to: User, links: Links) -> Email:
    """Tell the owners of similar challenges what there is to learn."""
    return _about(pilot, to, links, "lessons", N_("Lessons for a challenge like yours: %(pilot)s"))


def replicated(pilot: Pilot, *, to: User, links: Links, by_name: str) -> Email:
    """Tell both sides who takes their pilot over."""
    subject = N_("Another owner takes your pilot over: %(pilot)s")
    return _about(pilot, to, links, "replicated", subject, by_name=by_name)


def replicated_by(by_name: str) -> Callable[..., Email]:
    """Return that message with the name of the new owner."""
    return partial(replicated, by_name=by_name)


def _about(
    pilot: Pilot, to: User, links: Links, message: str, subject: str, **context: Any
) -> Email:
    report: InterimReport | None = context.get("report")
    ids = {"pilot_id": pilot.id} | ({"report_id": report.id} if report else {})
    return email(
        f"pilots.{message}",
        to=to.email,
        locale=to.locale,
        subject=subject,
        subject_words={"pilot": pilot.title},
        about=about(pilot.challenge, **ids),
        name=to.name,
        pilot=pilot,
        link=links.to(f"/pilots/{pilot.id}"),
        **context,
    )
