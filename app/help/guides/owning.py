"""From a need to a decision."""

from app.core.i18n import N_
from app.help.guides.guide import Guide, Step

OWNER = Guide(
    "owner",
    N_("Challenge owner"),
    N_("Publish a challenge"),
    N_("From the first line of a draft to a decision that everybody understands."),
    (
        Step(
            N_("Add your organisation"),
            N_(
                "A challenge belongs to an organisation. Sign up, then add yours; if it is here "
                "already, ask one of its managers to invite you."
            ),
            "/organisations/new",
            (N_("Add the organisation"),),
            N_(
                "The regional developers verify it, and you get a message. From then on you can "
                "publish."
            ),
        ),
        Step(
            N_("Start a draft"),
            N_(
                "Write in one line what should be better afterwards. A text to start from saves "
                "you the empty page: it brings questions, a measure of success and requirements."
            ),
            "/challenges/new",
            (N_("Start the draft"),),
            N_("You see a list of sections. Nobody outside your organisation reads the draft."),
            N_("The form for a new draft: title, language and a text to start from."),
        ),
        Step(
            N_("Fill in the sections"),
            N_(
                "Take them in any order, and save each half done if you like. Describe the "
                "problem, not the solution. Hints beside the list say what readers would miss."
            ),
            "/challenges/{draft}/edit",
            (N_("Check and submit"),),
            N_("A section counts as complete when nothing is missing in it."),
            N_("The list of sections, each with how far it is."),
        ),
        Step(
            N_("Check and submit it"),
            N_(
                "Read everything once more on one page. Each line has a link to change it; what "
                "is missing is named at the top."
            ),
            "/challenges/{draft}/check",
            (N_("Submit the challenge for review"),),
            N_(
                "The cluster reviews it within three working days: it opens the challenge or "
                "asks you for changes. Meanwhile organisations that fit are looked for."
            ),
        ),
        Step(
            N_("Decide on the answers"),
            N_(
                "After the last day you read the answers and what the panel says. Prepare a "
                "decision on each, with its reason, its strengths and its gaps: that is what "
                "responders work for."
            ),
            "/challenges/{evaluating}/decisions",
            (N_("Decide"), N_("Compare the answers")),
            N_(
                "You release all decisions together, and everybody learns theirs in the same "
                "minute."
            ),
            N_("The answers to a challenge, each with a link to decide."),
        ),
    ),
)
REGION = Guide(
    "region",
    N_("Regional developer"),
    N_("Look after the region"),
    N_("Who may act here, what stands still, and where needs find no answer."),
    (
        Step(
            N_("Verify organisations"),
            N_(
                "New organisations wait here. Check that they exist and that their people may "
                "act for them: only then they can publish and submit."
            ),
            "/organisations/unverified",
            (N_("Verify"),),
            N_("The organisation stands in the directory and takes part in matching at once."),
            N_("Organisations that wait, each with a button to verify it."),
        ),
        Step(
            N_("Take over where it is stuck"),
            N_(
                "“My work” shows what was escalated to you: reviews and screenings that waited "
                "too long. You can do them in place of the cluster."
            ),
            "/challenges/{review}/review",
            (N_("Send it back with this reason"),),
            N_("Owner and cluster read your reason word for word."),
        ),
        Step(
            N_("Watch the figures"),
            N_(
                "Monitoring shows how far challenges come and who works with whom. Every number "
                "is a link to the rows behind it."
            ),
            "/monitoring",
            (N_("Unmet needs"), N_("Exposure of clusters")),
            N_("What stands still is listed under “Needs a hand”."),
            N_("Figures of the region, and the tabs for needs and exposure."),
        ),
        Step(
            N_("Find unmet needs"),
            N_(
                "Where many challenges find few who could answer, go and look for them: in other "
                "clusters, other regions, at universities."
            ),
            "/monitoring/needs",
            (N_("Download as CSV"),),
            N_("The table goes with you into the next meeting."),
            N_("Needs and supply by field and place."),
        ),
    ),
)
