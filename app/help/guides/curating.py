"""From a draft in review to invitations, and how the installation is doing."""

from app.core.i18n import N_
from app.help.guides.guide import Guide, Step

CLUSTER_MANAGER = Guide(
    "cluster-manager",
    N_("Cluster manager"),
    N_("Review, curate and invite"),
    N_("How a good challenge finds the right organisations."),
    (
        Step(
            N_("Tell what your members can do"),
            N_(
                "Upload one table with passages about all members. You see every row checked "
                "before anything is imported."
            ),
            "/organisations/{cluster}/imports",
            (N_("Check the file"),),
            N_("Rows with a mistake are listed with what to do; the good ones you import."),
        ),
        Step(
            N_("Review a challenge"),
            N_(
                "Read it as somebody who has never heard of it. Is the need clear, can success "
                "be measured? Approve it or send it back with a reason that helps."
            ),
            "/challenges/{review}/review",
            (N_("Send it back with this reason"), N_("The panel")),
            N_("The owner gets your words at once. Approved challenges open on their day."),
            N_("The review of a challenge: approve it or give a reason."),
        ),
        Step(
            N_("Go through the matches"),
            N_(
                "The machine proposes, you decide. Read the evidence of each match, keep it for "
                "the shortlist or say why it is not a fit. Look at bridges to other clusters, "
                "too."
            ),
            "/challenges/{open}/matches",
            (N_("Keep for the shortlist"), N_("Not a fit")),
            N_("Your reasons stay readable: the region sees what you changed and why."),
            N_("Matches with their evidence, and the buttons to keep or leave out."),
        ),
        Step(
            N_("Put the shortlist in order and send it"),
            N_(
                "Order it, add notes, add whom the machine missed. The share of your own members "
                "is shown; if it is conspicuous, give a reason."
            ),
            "/challenges/{open}/shortlist",
            (N_("Edit order and notes"), N_("Add by hand")),
            N_("Invitations go out in batches, and each organisation gets only a few in a week."),
            N_("The shortlist with its order and what to do next."),
        ),
        Step(
            N_("Screen the answers"),
            N_(
                "After the last day, look whether each answer may be evaluated. How good it is, "
                "is not your question here."
            ),
            "/challenges/{closed}/screening",
            (N_("Screen"),),
            N_("When all are screened, the panel can begin."),
        ),
    ),
)
ADMINISTRATOR = Guide(
    "administrator",
    N_("Administrator"),
    N_("Keep it running"),
    N_("Three looks that tell whether the installation is well."),
    (
        Step(
            N_("Look at the e-mails"),
            N_(
                "Every e-mail is kept with what became of it. Somebody got nothing? Look here "
                "first."
            ),
            "/administration/mails",
            (N_("Jobs"),),
            N_("What could not be delivered is tried again and says why."),
            N_("The e-mails, newest first, each with its state."),
        ),
        Step(
            N_("Look at the jobs"),
            N_(
                "Matching, imports and exports run in the background. Given up means: tried "
                "eight times. Read the error, mend its cause, then try again."
            ),
            "/administration/jobs?state=dead",
            (N_("Try again"),),
            N_("The job runs within seconds, from its beginning."),
            N_("Jobs by state, with the error of one that was given up."),
        ),
        Step(
            N_("Check the journal"),
            N_(
                "Everything that matters is sealed into a chain. Checking it shows whether "
                "anybody changed it behind the platform’s back."
            ),
            "/administration/journal",
            (N_("Check now"),),
            N_("It is checked every night by itself, too."),
            N_("The last check of the journal, and the button for a new one."),
        ),
    ),
)
