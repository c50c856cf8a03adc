"""Words about who takes part, answers, decisions and pilots."""

from collections.abc import Sequence

from app.core.i18n import N_
from app.help.terms.term import Term

ANSWERING: Sequence[Term] = (
    Term(
        "cluster",
        N_("Cluster"),
        N_(
            "A network of organisations of one field, with a team that looks after it. It "
            "reviews challenges, curates lists and screens answers."
        ),
    ),
    Term(
        "cluster-manager",
        N_("Cluster manager"),
        N_("Somebody who acts for a cluster here: reviews, curates, invites and screens."),
    ),
    Term(
        "bridge",
        N_("Cross-cluster bridge"),
        N_(
            "A match whose organisation belongs to another cluster than the one that looks after "
            "the challenge. It is marked, and earns no points."
        ),
    ),
    Term(
        "region",
        N_("Regional developer"),
        N_(
            "Somebody of the innovation agency or the economic development who looks after the "
            "whole: verifies organisations, co-signs, watches figures."
        ),
    ),
    Term(
        "verification",
        N_("Verified organisation"),
        N_(
            "An organisation of which a regional developer has checked that it exists and that "
            "its people act for it. Only then may it publish and submit."
        ),
    ),
    Term(
        "screening",
        N_("Eligibility screening"),
        N_(
            "The look at an answer before its evaluation: is it complete, does it come from "
            "somebody who may answer? It does not judge how good it is."
        ),
    ),
    Term(
        "panel",
        N_("Evaluators and panel"),
        N_(
            "The people who score the answers. They declare conflicts of interest first and "
            "score alone, before they see what the others say."
        ),
    ),
    Term(
        "criteria",
        N_("Criteria and weights"),
        N_(
            "By what answers are judged, and how much each of it counts. They are published with "
            "the challenge, and the weights add to 100."
        ),
    ),
    Term(
        "conflict",
        N_("Conflict of interest"),
        N_(
            "A tie between an evaluator and somebody who answered, such as a common employer or "
            "a joint project. Whoever has one does not score."
        ),
    ),
    Term(
        "decision",
        N_("Decision and feedback"),
        N_(
            "What the owner decides on an answer, with a reason, strengths and gaps. Decisions "
            "are prepared one by one and released together."
        ),
    ),
    Term(
        "reserve",
        N_("Reserve"),
        N_("An answer that moves up when a selected one is withdrawn."),
    ),
    Term(
        "consortium",
        N_("Joint answer"),
        N_(
            "An answer of several organisations: one leads, each has a part and a share, and all "
            "sign."
        ),
    ),
    Term(
        "consultation",
        N_("Market consultation"),
        N_(
            "A challenge that only listens, before something is bought: nothing is chosen, "
            "everybody gets the same information, and feedback follows."
        ),
    ),
    Term(
        "addendum",
        N_("Addendum"),
        N_("A numbered supplement to an open challenge, which everybody concerned gets at once."),
    ),
    Term(
        "disclosure",
        N_("Layer of disclosure"),
        N_(
            "Who reads a part of a challenge: everybody, the signed-in, the matched, or those "
            "who accepted an agreement. Who read what is recorded."
        ),
    ),
    Term(
        "pilot",
        N_("Pilot"),
        N_(
            "Trying out a selected answer at a real place, with a hypothesis, indicators and an "
            "end. Its results are published, failures too."
        ),
    ),
    Term(
        "test-site",
        N_("Living lab or test bed"),
        N_("A place where something can be tried out, listed with what is there and who runs it."),
    ),
    Term(
        "trl",
        N_("Technology readiness level (TRL)"),
        N_(
            "How ripe a technology is: from 1, a principle observed, to 9, proven in use. "
            "Example: a prototype tried in a real harbour is about 7."
        ),
    ),
    Term(
        "second-life",
        N_("Second life of an answer"),
        N_(
            "An answer that was not selected is offered to another challenge, only if its "
            "responder agrees."
        ),
    ),
    Term(
        "unmet-need",
        N_("Unmet need"),
        N_("A field in which challenges find few or no organisations that could answer."),
    ),
    Term(
        "trail",
        N_("Audit trail"),
        N_(
            "What happened to a challenge, event by event: who, when, for whom and why. Nothing "
            "in it can be changed later."
        ),
    ),
)
