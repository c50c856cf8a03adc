"""The whole job, as three people do it: post, match, curate, send, answer, decide, be told."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.core.i18n import TIME_ZONE
from scripts.demo_people import DEMO_PASSWORD
from scripts.seed_demo import lines
from tests.browser.accessibility import look_at
from tests.browser.conftest import PICTURES, Served

pytestmark = pytest.mark.slow

OWNER, MANAGER, STARTUP = "owner@demo.example", "manager@demo.example", "startup@demo.example"
REGION = "region@demo.example"
WAIT_FOR_MATCHING = 400
"""Seconds: on a busy machine the first index takes minutes."""
TITLE = "Mobile shore power for two feeder berths"
Look = Callable[[Page, str], None]


@pytest.fixture
def look(*, javascript: bool) -> Look:
    """Keep a numbered picture of a page, and have axe look at it."""
    count = iter(range(1, 100))

    def keep(page: Page, name: str) -> None:
        folder = PICTURES / ("main-job" if javascript else "main-job-without-javascript")
        look_at(page, f"{next(count):02}-{name}", folder, javascript=javascript)

    return keep


def sign_in(page: Page, email: str) -> None:
    """Sign in and read the pages in English, whatever language the person prefers."""
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
    page.get_by_role("main").get_by_role("button", name=re.compile("Sign in")).click()
    page.goto("/home?lang=en")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def need_in_english() -> dict[str, Any]:
    """Return a need of the demo data in English; who can answer it describes itself in German."""
    [line] = [each for each in lines("sample_challenges.jsonl") if "landstrom" in each["slug"]]
    translated: dict[str, Any] = json.loads(json.dumps(line["translations"]["en"]))
    musts = [requirement["must"] for requirement in line["requirements"]]
    return {**translated, "musts": musts, "success_measure": "Four of five calls use it."}


def test_three_people_do_the_whole_job(
    open_browser: Callable[..., Page], served: Served, look: Look
) -> None:
    owner, manager, startup = (open_browser() for _ in range(3))
    sign_in(owner, OWNER)
    sign_in(manager, MANAGER)
    sign_in(startup, STARTUP)

    challenge = post(owner, need_in_english(), served, look)
    served.mailbox.wait_for(MANAGER, TITLE)
    approve(manager, challenge, look)
    served.mailbox.wait_for(OWNER, TITLE)
    curate(manager, challenge, look)
    invitation = served.mailbox.wait_for(STARTUP, TITLE)
    accept(startup, invitation.as_string(), served, look)
    served.mailbox.wait_for(OWNER, "Tidenkabel")
    answer(startup, challenge, look)
    served.mailbox.wait_for(STARTUP, TITLE)

    wait_for_the_deadline(served, owner, challenge)
    sign_in(owner, OWNER)
    sign_in(startup, STARTUP)
    sign_in(manager, MANAGER)
    screen(manager, challenge, look)
    set_up_the_panel(owner, manager, challenge, look)
    score(owner, challenge, look, "5", "4", "4", "3")
    score(manager, challenge, look, "2", "4", "3", "3")
    region = open_browser()
    sign_in(region, REGION)
    decide(owner, region, challenge, look)
    served.mailbox.wait_for(STARTUP, TITLE, saying="The arm was shown at a berth")
    take_the_selection(startup, look)
    startup.goto("/home")
    look(startup, "startup-after-the-decision")


def post(page: Page, need: dict[str, Any], served: Served, look: Look) -> str:
    """Draft a challenge section by section, check it, submit it; return its address."""
    page.goto("/home")
    look(page, "owner-home")
    page.goto("/challenges/new")
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=lang]").select_option("en")
    page.get_by_role("button", name="Start the draft").click()
    challenge = re.sub(r"/edit.*", "", page.url)
    look(page, "task-list")
    fill_need(page, challenge, need, look)
    fill_requirements(page, challenge, need, look)
    fill_the_rest(page, challenge, served)
    page.goto(f"{challenge}/check")
    look(page, "check-answers")
    page.get_by_role("button", name=re.compile("Submit")).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    look(page, "submitted")
    return challenge


def fill_need(page: Page, challenge: str, need: dict[str, Any], look: Look) -> None:
    page.goto(f"{challenge}/edit/need")
    for name in ("summary", "need", "success_measure"):
        page.locator(f"[name={name}]").fill(need[name])
    page.get_by_role("checkbox", name="Electric mobility").check()
    look(page, "section-need")
    page.get_by_role("button", name="Save this section").click()


def fill_requirements(page: Page, challenge: str, need: dict[str, Any], look: Look) -> None:
    page.goto(f"{challenge}/edit/requirements")
    for number, (text, must) in enumerate(zip(need["requirements"], need["musts"], strict=True)):
        if page.locator(f"[name='rows[{number}].text']").count() == 0:
            page.get_by_role("button", name=re.compile("Add another")).click()
        page.locator(f"[name='rows[{number}].text']").fill(text)
        kind = page.locator(f"[name='rows[{number}].kind']")
        kind.select_option("must" if must else "nice")
    look(page, "section-requirements")
    page.get_by_role("button", name="Save this section").click()


def fill_the_rest(page: Page, challenge: str, served: Served) -> None:
    page.goto(f"{challenge}/edit/criteria")
    page.get_by_role("button", name="Save this section").click()
    page.goto(f"{challenge}/edit/conditions")
    page.locator("[name=place]").fill("Elbwerder, berths 4 and 5")
    page.locator("[name=budget_eur]").fill("250,000")
    page.locator("[name=conditions]").fill("The trial takes six months at berth 4.")
    page.get_by_role("checkbox", name="Deutsch").check()
    page.get_by_role("checkbox", name="English").check()
    page.get_by_role("button", name="Save this section").click()
    page.goto(f"{challenge}/edit/dates")
    today = served.clock().astimezone(TIME_ZONE)  # for whoever types it, be it yesterday in UTC
    for name, days in (("opens_on", 0), ("last_day", 30), ("decision_on", 60)):
        day = today + timedelta(days=days)
        for part in ("day", "month", "year"):
            page.locator(f"[name='{name}.{part}']").fill(str(getattr(day, part)))
    page.locator("[name=what_happens_next]").fill("We invite three of you to the berth.")
    page.get_by_role("button", name="Save this section").click()
    page.goto(f"{challenge}/edit/cluster")
    page.get_by_label(re.compile("Maritimes Cluster Norddeutschland")).check()
    page.get_by_role("button", name="Save this section").click()


def approve(page: Page, challenge: str, look: Look) -> None:
    """Find the challenge in the queue, name an evaluator, read it, approve it."""
    page.goto("/moderation")
    look(page, "queue")
    page.goto(f"{challenge}/panel")
    page.get_by_label("E-mail").fill(OWNER)
    page.get_by_role("button", name="Ask them to declare conflicts").click()
    look(page, "panel")
    button = page.get_by_role("button", name=re.compile("Approve"))
    for _ in range(WAIT_FOR_MATCHING):
        page.goto(f"{challenge}/review")
        if button.count():  # the matching has run
            break
        page.wait_for_timeout(1000)
    look(page, "review")
    button.click()
    look(page, "approved")
    page.goto(challenge)
    expect(page.locator(".band .tag.live")).to_have_text("Open")
    look(page, "challenge")


def curate(page: Page, challenge: str, look: Look) -> None:
    """Read the evidence, keep the one that fits, leave one out with a reason, send."""
    page.goto(f"{challenge}/matches")
    for _ in range(WAIT_FOR_MATCHING):
        if page.locator("article.match").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    look(page, "matches")
    card = page.locator("article.match", has_text="Tidenkabel")
    if card.locator("details").first.get_attribute("open") is None:  # only the best one is open
        card.locator("summary").first.click()
    expect(card.locator("blockquote mark").first).to_be_visible()
    card.get_by_role("button", name=re.compile("Keep for the shortlist")).click()
    other = page.locator("article.match").filter(has_not_text="Tidenkabel").first
    other.get_by_role("link", name=re.compile("Not a fit")).click()
    page.get_by_label("Wrong scale").check()
    look(page, "not-a-fit")
    page.get_by_role("button", name=re.compile("Leave .* out")).click()
    page.goto(f"{challenge}/shortlist")
    look(page, "shortlist")
    page.get_by_role("link", name=re.compile("Check and send 1 invitation")).click()
    look(page, "send")
    page.get_by_role("button", name="Send 1 invitation").click()
    look(page, "sent")


def accept(page: Page, mail: str, served: Served, look: Look) -> None:
    """Open the invitation, see why, say from the mail that we are interested."""
    page.goto("/invitations")
    look(page, "invitations")
    page.get_by_role("link", name=re.compile(TITLE)).click()
    expect(page.locator("blockquote").first).to_be_visible()
    look(page, "invitation")
    page.get_by_role("button", name="We are interested").click()
    look(page, "interested")
    assert served.address in mail


def answer(page: Page, challenge: str, look: Look) -> None:
    """Draft, save, check and submit an answer."""
    page.goto(f"{challenge}/answer")
    look(page, "answer-start")
    page.get_by_role("button", name="Start the draft").click()
    page.locator("[name=title]").fill("A cable trailer with a weight-balanced arm")
    page.locator("[name=approach]").fill("We bring the trailer in three parts and need two nights.")
    for field in page.locator("textarea[name^=answers]").all():
        field.fill("Shown at a feeder terminal between April 2025 and February 2026.")
    page.locator("[name=price_eur]").fill("240,000")
    look(page, "answer-draft")
    page.get_by_role("button", name="Save and check the answer").click()
    look(page, "answer-check")
    page.get_by_role("button", name=re.compile("Submit the answer")).click()
    look(page, "answer-submitted")


def wait_for_the_deadline(served: Served, owner: Page, challenge: str) -> None:
    """Before it the owner sees a number only; then a month passes."""
    owner.goto(f"{challenge}/responses")
    expect(owner.get_by_text("sealed")).to_be_visible()
    assert "cable trailer" not in owner.content()
    served.clock.ahead = timedelta(days=32)


def screen(page: Page, challenge: str, look: Look) -> None:
    """Wait for the platform to close the challenge, then let the answer be evaluated."""
    # In the table: until it is closed, the list of answers is shown, which leads here as well.
    link = page.get_by_role("table").get_by_role("link", name=re.compile("^Screen "))
    for _ in range(30):
        page.goto(f"{challenge}/screening")
        if link.count():
            break
        page.wait_for_timeout(500)
    look(page, "screening")
    link.click()
    look(page, "screening-one")
    page.get_by_role("button", name="Eligible: let it be evaluated").click()


def set_up_the_panel(owner: Page, manager: Page, challenge: str, look: Look) -> None:
    """Propose a second evaluator; both declare that they have no conflict; then begin."""
    owner.goto(f"{challenge}/panel")
    owner.locator("[name=email]").fill(MANAGER)
    owner.get_by_role("button", name="Ask them to declare conflicts").click()
    look(owner, "panel")
    for page in (owner, manager):
        page.goto(f"{challenge}/declaration")
        page.locator("[name='rows[0].conflict']").select_option("none")
        page.get_by_role("checkbox").check()
        look(page, "declaration")
        page.get_by_role("button", name="Declare").click()
    owner.goto(f"{challenge}/panel")
    owner.get_by_role("button", name="Start the evaluation").click()


def score(page: Page, challenge: str, look: Look, *points: str) -> None:
    """Score the answer by every criterion and lock the sheet."""
    page.goto(f"{challenge}/evaluation")
    look(page, "worklist")
    page.get_by_role("link", name=re.compile("Read and score")).click()
    for index, given in enumerate(points):
        page.locator(f"[name='rows[{index}].points']").select_option(given)
        page.locator(f"[name='rows[{index}].comment']").fill("Shown at a berth in March.")
    look(page, "scores")
    page.get_by_role("button", name="Save and lock for good").click()


def decide(page: Page, region: Page, challenge: str, look: Look) -> None:
    """Talk where the evaluators are far apart, prepare the decision, have it signed, release it."""
    page.goto(f"{challenge}/comparison")
    page.get_by_role("link", name=re.compile("Record the discussion")).click()
    page.locator("[name=text]").fill("We read the report on the trial together: three points.")
    look(page, "discussion")
    page.get_by_role("button", name="Record the discussion").click()
    look(page, "comparison")
    page.goto(f"{challenge}/decisions")
    look(page, "decisions")
    page.get_by_role("link", name=re.compile("Decide")).first.click()
    page.get_by_label("Select", exact=True).check()
    page.locator("[name=reason]").fill("It is the only one that needs no change of the quay wall.")
    for index in range(2):
        strength, gap = f"feedback[{index}].strength", f"feedback[{index}].gap"
        page.locator(f"[name='{strength}']").fill("The arm was shown at a berth with the tide.")
        page.locator(f"[name='{gap}']").fill("The metering is not described in detail.")
    look(page, "decision")
    page.get_by_role("button", name="Save the prepared decision").click()
    look(page, "decision-to-sign")
    region.goto(f"{challenge}/cosignature")
    look(region, "signature")
    region.get_by_role("button", name="Co-sign the decisions").click()
    page.goto(f"{challenge}/decisions/release")
    look(page, "release")
    page.get_by_role("button", name="Release the decision").click()
    look(page, "released")


def take_the_selection(page: Page, look: Look) -> None:
    """Accept, as the selected organisation, from its own list of work."""
    page.goto("/home")
    work = page.locator("li", has_text="Accept or refuse the selection")
    work.get_by_role("link", name=TITLE).first.click()
    look(page, "acceptance")
    page.get_by_label("Yes, we accept").check()
    page.get_by_role("button", name="Send the reply").click()
