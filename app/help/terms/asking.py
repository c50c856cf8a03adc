"""Words about needs, profiles and matches."""

from collections.abc import Sequence

from app.core.i18n import N_
from app.help.terms.term import Term

ASKING: Sequence[Term] = (
    Term(
        "challenge",
        N_("Innovation challenge"),
        N_(
            "A need that an organisation publishes to find somebody who can answer it. It is not "
            "a tender: what is looked for is a partner to try something out with."
        ),
    ),
    Term(
        "need",
        N_("Need"),
        N_(
            "What lies behind a challenge: a situation that should become better. It says what "
            "the problem is, not how to solve it."
        ),
    ),
    Term(
        "owner",
        N_("Challenge owner"),
        N_(
            "The organisation that has the need, publishes the challenge and decides on the "
            "answers, such as a port, a town or a company."
        ),
    ),
    Term(
        "responder",
        N_("Responder"),
        N_(
            "The organisation that answers a challenge, such as a start-up, a company or a "
            "laboratory."
        ),
    ),
    Term(
        "answer",
        N_("Answer to a challenge"),
        N_(
            "What a responder would do: an approach, one text for each requirement, and if "
            "wanted a timeline and a price. Mostly it stays sealed until the last day."
        ),
    ),
    Term(
        "requirement",
        N_("Requirement"),
        N_(
            "One thing that a solution must do, or that would be nice. Each is matched and "
            "answered on its own. Example: no engine runs at berth for longer than fifteen "
            "minutes."
        ),
    ),
    Term(
        "success-measure",
        N_("Measure of success"),
        N_("A figure by which everybody can tell afterwards whether the pilot has worked."),
    ),
    Term(
        "application-field",
        N_("Application field"),
        N_(
            "What a need or an organisation is about, such as ports and shipping. Searches and "
            "the figures of the region go by it."
        ),
    ),
    Term(
        "profile",
        N_("Profile of an organisation"),
        N_(
            "The passages in which an organisation says what it can do, has done and offers. "
            "Matches quote them word for word."
        ),
    ),
    Term(
        "passage",
        N_("Passage"),
        N_(
            "A short text of a profile about one thing, in its own language and with a source "
            "where it can be checked."
        ),
    ),
    Term(
        "offer",
        N_("Solution offer"),
        N_("A passage about something that an organisation offers ready for use."),
    ),
    Term(
        "match",
        N_("Match"),
        N_(
            "An organisation that was found for a challenge, with the sentence of its profile "
            "that speaks for it, requirement by requirement."
        ),
    ),
    Term(
        "evidence",
        N_("Evidence"),
        N_(
            "The quoted sentence on which a match rests, with its source. Where none is found, "
            "the match says “No evidence”: that is no proof that somebody cannot do it."
        ),
    ),
    Term(
        "match-run",
        N_("Match run"),
        N_(
            "One comparison of a challenge with the profiles of all organisations that may "
            "answer. It can be repeated; earlier runs are kept."
        ),
    ),
    Term(
        "longlist",
        N_("Longlist"),
        N_("All matches in the order in which the machine proposes them, before anybody curates."),
    ),
    Term(
        "shortlist",
        N_("Shortlist"),
        N_(
            "The matches that a cluster manager keeps, in an order and with reasons; those on it "
            "are invited. After the evaluation, also the answers that go on."
        ),
    ),
    Term(
        "curation",
        N_("Curation"),
        N_("Going through the longlist: keep, leave out with a reason, add, put in order."),
    ),
    Term(
        "invitation",
        N_("Invitation"),
        N_(
            "A message to a matched organisation: this challenge could be for you, and why. It "
            "is answered with one click and obliges to nothing."
        ),
    ),
    Term(
        "interest",
        N_("Expression of interest"),
        N_(
            "“We are interested”: the lightest reply to an invitation, before an answer is written."
        ),
    ),
)
