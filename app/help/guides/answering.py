"""From a profile to an answer, and from an answer to scores."""

from app.core.i18n import N_
from app.help.guides.guide import Guide, Step

RESPONDER = Guide(
    "responder",
    N_("Responder"),
    N_("Answer a challenge"),
    N_("How you are found, and how your answer gets to those who decide."),
    (
        Step(
            N_("Write what you can do"),
            N_(
                "Matches quote your profile word for word. Write one passage about one thing, "
                "with figures, and say where it can be checked. Your own language will do."
            ),
            "/organisations/{slug}/profile/passages/new",
            (N_("Add the passage"),),
            N_("Within minutes your profile takes part in every match run."),
            N_("The form for a passage: kind, title, text and source."),
        ),
        Step(
            N_("Look at what fits"),
            N_(
                "Every night your profile is compared with all open needs. You see what speaks "
                "for you, requirement by requirement, and what is missing."
            ),
            "/organisations/{slug}/needs",
            (N_("Compare again now"),),
            N_("You can answer any open challenge, invited or not."),
        ),
        Step(
            N_("Reply to an invitation"),
            N_(
                "A cluster manager thinks that a challenge is for you and shows why. Say if you "
                "are interested, if not, or if later: one click is enough, also from the e-mail."
            ),
            "/invitations/{invitation}",
            (N_("We are interested"), N_("Not for us")),
            N_("The owner learns that you are interested. It obliges you to nothing."),
            N_("An invitation with its evidence and the possible replies."),
        ),
        Step(
            N_("Write the answer"),
            N_(
                "Say what you would do, then answer each requirement on its own. Sentences of "
                "your profile that fit are shown beside. Save as often as you like."
            ),
            "/responses/{answer}/edit",
            (N_("Save and check the answer"), N_("Save draft")),
            N_("Only your organisation sees the draft. You can invite partners to it."),
            N_("The answer while it is being written, with a field for each requirement."),
        ),
        Step(
            N_("Check and submit it"),
            N_("Read it once more as the owner will. What is missing is named at the top."),
            "/responses/{answer}/check",
            (N_("Submit the answer of %(organisation)s"),),
            N_(
                "It stays sealed until the last day; until then you can withdraw and change it. "
                "You get a decision with a reason by the promised day."
            ),
        ),
    ),
)
EVALUATOR = Guide(
    "evaluator",
    N_("Evaluator"),
    N_("Score the answers"),
    N_("From the request to sit on a panel to scores that hold."),
    (
        Step(
            N_("Look what waits"),
            N_(
                "You got a message that a challenge owner wants you on a panel. “My work” shows "
                "it too, with the day by which scores are needed."
            ),
            "/home",
            (),
            N_("Until you have declared, you see only the title and who answered."),
        ),
        Step(
            N_("Declare conflicts"),
            N_(
                "Say for each organisation what ties you to it, or that nothing does. Whoever has "
                "a conflict does not score this challenge; the owner learns only its sort."
            ),
            "/challenges/{declaring}/declaration",
            (N_("Declare"),),
            N_("Without a conflict you can read the answers at once."),
            N_("The declaration: one question for each organisation that answered."),
        ),
        Step(
            N_("Read and score"),
            N_(
                "Take the answers in any order. Give points for each criterion and say why: your "
                "words help the owner to give feedback."
            ),
            "/challenges/{evaluating}/evaluation",
            (N_("Read and score"),),
            N_("You see your own scores only, as long as yours are not locked."),
            N_("The answers to score, each with how far you are."),
        ),
        Step(
            N_("Lock your scores"),
            N_("Save without locking as often as you like. Lock them when you are sure."),
            "/responses/{scored}/scores",
            (N_("Save without locking"), N_("Save and lock for good")),
            N_(
                "Once locked, they cannot be changed, and you see what the others gave. Where "
                "you differ much, you discuss it."
            ),
            N_("Points and a reason for each criterion, and the two buttons to save."),
        ),
    ),
)
