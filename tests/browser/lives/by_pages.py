"""People who act on pages, form by form; a desk fills the forms in, whatever it is made of."""

from collections.abc import Mapping
from typing import Any

from tests.browser.lives.desk import Desk, as_fields, day
from tests.browser.lives.house import House
from tests.browser.lives.story import MISSING, SHOWN, SHOWN_IN


class Pilots:
    """The steps of a pilot."""

    def __init__(self, house: House, desk: Desk) -> None:
        self.house, self.desk = house, desk

    def begins_the_sheet_of_a_pilot(self, who: str, whose: str) -> None:
        self.desk.submit(who, f"/responses/{self.house.answer_of(whose)}/pilot", to="/pilot")

    def writes_the_sheet(
        self, who: str, title: str, hypothesis: str, indicator: dict[str, str], **days: str
    ) -> None:
        fields = {
            "title": title, "lang": "de", "hypothesis": hypothesis,
            "place": "Elbwerder, Liegeplatz 4",
            "payment": "paid", "payment_eur": "50000", "report_months": "0",
            **{f"rows[0].{name}": value for name, value in indicator.items()},
            **day("starts_on", days["starts_on"]), **day("ends_on", days["ends_on"]),
        }  # fmt: skip
        self.desk.submit(who, f"/pilots/{self.house.pilot().id}/sheet", fields, to="/sheet")

    def signs_the_sheet(self, who: str) -> None:
        self.desk.submit(who, f"/pilots/{self.house.pilot().id}", to="/signature")

    def measures(self, who: str, result: str) -> None:
        address, fields = f"/pilots/{self.house.pilot().id}/results", {"rows[0].result": result}
        self.desk.submit(who, address, fields, to="/results", press="save")

    def reports(self, who: str) -> None:
        self.desk.submit(who, f"/pilots/{self.house.pilot().id}/report", to="/report")

    def judges_the_pilot(self, who: str, verdict: str, words: str, why: str, lessons: str) -> None:
        aspects = ("effectiveness", "feasibility", "durability")
        fields = {
            **dict.fromkeys(aspects, "largely"),
            **{f"{aspect}_words": words for aspect in aspects},
            "verdict": verdict, "reason": why, "lessons": lessons,
        }  # fmt: skip
        address = f"/pilots/{self.house.pilot().id}/decision"
        self.desk.submit(who, address, fields, to="/decision")


class Curating:
    """The steps of those who look after a challenge, and of those who are invited."""

    house: House
    desk: Desk
    challenge: str

    def asks_for_changes(self, who: str, why: str) -> None:
        address, press = f"{self.challenge}/review", "request_changes"
        self.desk.submit(who, address, {"reason": why}, to="/review", press=press)

    def approves(self, who: str) -> None:
        self.desk.submit(who, f"{self.challenge}/review", to="/review", press="approve")

    def keeps(self, who: str, whom: str) -> None:
        to = f"/matches/{self.house.match_of(whom).id}/keep"
        self.desk.submit(who, f"{self.challenge}/matches", to=to)

    def drops(self, who: str, whom: str, why: str) -> None:
        address = f"{self.challenge}/matches/{self.house.match_of(whom).id}/drop"
        self.desk.submit(who, address, {"reason": why})

    def sends_the_invitations(self, who: str) -> None:
        self.desk.submit(who, f"{self.challenge}/shortlist/send", to="/shortlist/send")

    def replies_to_the_invitation(self, who: str, reply: str) -> None:
        self.desk.read(who, "/invitations")
        address = f"/invitations/{self.house.match_of(who).id}"
        self.desk.submit(who, address, to="/reply", press=reply)


class Evaluating:
    """The steps from the deadline to the decisions."""

    house: House
    desk: Desk
    challenge: str

    def _answer(self, whose: str) -> str:
        return f"/responses/{self.house.answer_of(whose)}"

    def asks_about(self, who: str, whose: str, question: str) -> None:
        self.desk.read(who, f"{self.challenge}/screening")
        address, fields = f"{self._answer(whose)}/screening", {"question": question, "days": "5"}
        self.desk.submit(who, address, fields, to="/screening/question")

    def informs(self, who: str, reply: str) -> None:
        address = f"{self._answer(who)}/information"
        self.desk.submit(who, address, {"reply": reply}, to="/information")

    def finds_eligible(self, who: str, whose: str) -> None:
        self.desk.read(who, f"{self.challenge}/screening")
        self.desk.submit(who, f"{self._answer(whose)}/screening", to="/screening/eligible")

    def asks_to_evaluate(self, who: str, whom: str) -> None:
        fields = {"email": self.house.people[whom].email}
        self.desk.submit(who, f"{self.challenge}/panel", fields, to="/panel")

    def declares(self, who: str, conflicts: Mapping[str, str]) -> None:
        address = f"{self.challenge}/declaration"
        page = self.desk.read(who, address)
        fields: dict[str, Any] = {"true": "1"}
        for index in range(page.count("].response_id")):
            fields[f"rows[{index}].conflict"] = "none"
        for name, sort in conflicts.items():
            before = page.split(f'value="{self.house.answer_of(name)}"')[0]
            fields[f"rows[{before.count('].response_id') - 1}].conflict"] = sort
        self.desk.submit(who, address, fields, to="/declaration")

    def starts_the_evaluation(self, who: str) -> None:
        self.desk.submit(who, f"{self.challenge}/panel", to="/evaluation")

    def scores(self, who: str, whose: str, points: int) -> None:
        self.desk.read(who, f"{self.challenge}/evaluation")
        fields = {f"rows[{index}].points": str(points) for index in range(2)}
        fields |= {f"rows[{index}].comment": SHOWN for index in range(2)}
        self.desk.submit(who, f"{self._answer(whose)}/scores", fields, to="/scores", press="lock")

    def cannot_choose_anybody(self, who: str) -> None:
        page = self.desk.read(who, f"{self.challenge}/panel")
        assert f'action="{self.challenge}/evaluation"' not in page

    def records_the_discussion(self, who: str, about: str, text: str) -> None:
        self.desk.read(who, f"{self.challenge}/comparison")
        address = f"{self._answer(about)}/discussion"
        self.desk.submit(who, address, {"text": text}, to="/discussion")

    def cannot_decide_yet(self, who: str, on: str) -> None:
        page = self.desk.read(who, f"{self.challenge}/comparison")
        assert f"{self._answer(on)}/discussion" in page

    def prepares_a_decision(
        self, who: str, on: str, outcome: str, why: str, place: int | None = None
    ) -> None:
        fields = {
            "outcome": outcome, "reason": why, "reserve_place": str(place or ""),
            "feedback[0].strength": SHOWN, "feedback[0].gap": MISSING,
        }  # fmt: skip
        self.desk.submit(who, f"{self._answer(on)}/decision", fields, to="/decision")

    def prepares_feedback(self, who: str, on: str, taken: str, why: str) -> None:
        address = f"{self.challenge}/feedback"
        page = self.desk.read(who, address)
        before = page.split(f'.response_id" value="{self.house.answer_of(on)}"')[0]
        texts = {"strengths": taken, "gaps": MISSING, "reason": why}
        row = f"rows[{before.count('.response_id')}]"
        fields = {f"{row}.{name}": text for name, text in texts.items()}
        self.desk.submit(who, address, fields, to="/feedback")

    def proposes_the_shortlist(self, who: str) -> None:
        self.desk.submit(who, f"{self.challenge}/decisions", to="/decisions/proposal")

    def agrees_to_the_shortlist(self, who: str) -> None:
        self.desk.submit(who, f"{self.challenge}/decisions", to="/decisions/agreement")

    def co_signs(self, who: str) -> None:
        self.desk.submit(who, f"{self.challenge}/cosignature")

    def releases(self, who: str) -> None:
        self.desk.submit(who, f"{self.challenge}/decisions/release", to="/decisions/release")

    def cannot_release_yet(self, who: str) -> None:
        page = self.desk.read(who, f"{self.challenge}/decisions")
        assert f"{self.challenge}/decisions/release" not in page

    def accepts_the_selection(self, who: str) -> None:
        address = f"{self._answer(who)}/acceptance"
        self.desk.submit(who, address, {"reply": "accept"}, to="/acceptance")

    def refuses_the_selection(self, who: str, why: str) -> None:
        fields = {"reply": "refuse", "reason": why}
        self.desk.submit(who, f"{self._answer(who)}/acceptance", fields, to="/acceptance")


class ByPages(Pilots, Curating, Evaluating):
    """Does every step on pages."""

    challenge = ""

    def drafts(self, who: str, sections: Mapping[str, dict[str, Any]]) -> None:
        start = {"title": sections["need"]["title"], "lang": sections["need"]["lang"]}
        draft = self.desk.submit(who, "/challenges/new", start, to="/challenges/new")
        self.challenge = f"/challenges/{draft.split('/challenges/')[1].split('/')[0]}"
        cluster = {"cluster": {"cluster": str(self.house.organisations["curator"].id)}}
        for section, text in {**sections, **cluster}.items():
            self.revises(who, section, text)

    def revises(self, who: str, section: str, text: dict[str, Any]) -> None:
        fields = as_fields(text)
        if section == "criteria":  # the page proposes a third one
            rows = range(len(text["criteria"]), 6)
            fields |= {f"criteria[{row}].{key}": "" for row in rows for key in ("name", "weight")}
        address = f"{self.challenge}/edit/{section}"
        self.desk.submit(who, address, fields, to=f"/edit/{section}", press="save")

    def hands_the_draft_in(self, who: str) -> None:
        self.desk.submit(who, f"{self.challenge}/check", to="/submit")

    def asks(self, who: str, question: str, lang: str) -> None:
        fields = {"text": question, "lang": lang}
        self.desk.submit(who, f"{self.challenge}/questions", fields, to="/questions")

    def answers_the_question(self, who: str, question: str, answer: str) -> None:
        page = self.desk.read(who, f"{self.challenge}/questions")
        address = f"{self.challenge}/questions/"
        number = page.split(f'href="{address}')[1].split('"')[0]
        fields = {"question": question, "answer": answer}
        self.desk.submit(who, f"{address}{number}", fields, to=f"/questions/{number}")

    def adds_an_addendum(self, who: str, text: str, kind: str) -> None:
        fields = {"text": text, "kind": kind}
        self.desk.submit(who, f"{self.challenge}/addenda/new", fields, to="/addenda/new")

    def writes_an_answer(self, who: str, title: str, lang: str) -> None:
        self.desk.submit(who, f"{self.challenge}/answer")
        fields = {
            "title": title, "lang": lang, "approach": SHOWN_IN[lang], "price_eur": "50000",
            "answers[0].text": SHOWN_IN[lang], "answers[1].text": SHOWN_IN[lang],
        }  # fmt: skip
        self.desk.submit(who, f"{self._answer(who)}/edit", fields, to="/edit", press="check")

    def asks_a_partner(self, who: str, whom: str, part: str, share: int) -> None:
        organisation = self.house.organisations[whom]
        address = f"{self._answer(who)}/partners"
        fields = {"organisation_id": str(organisation.id), "part": part, "share": str(share)}
        self.desk.submit(who, f"{address}?q={organisation.name}", fields, to="/partners")
        early = self.desk.read(who, f"{self._answer(who)}/check")
        assert f"{self._answer(who)}/submit" not in early, "it waits for its partners' signatures"

    def signs(self, who: str, whose: str) -> None:
        self.desk.submit(who, f"{self._answer(whose)}/partners", to="/sign")

    def hands_the_answer_in(self, who: str) -> None:
        self.desk.submit(who, f"{self._answer(who)}/check", to="/submit")

    def withdraws_the_answer(self, who: str) -> None:
        self.desk.submit(who, self._answer(who), to="/withdraw")

    def reads_nothing_before_the_deadline(self, who: str) -> None:
        page = self.desk.read(who, f"{self.challenge}/responses")
        assert not any(text in page for text in SHOWN_IN.values())

    def closes(self, who: str, why: str) -> None:
        address = f"{self.challenge}/steering/close"
        self.desk.submit(who, address, {"reason": why}, to="/steering/close")

    def completes(self, who: str, ending: str, account: str) -> None:
        fields = {"ending": ending, "reason": account}
        address = f"{self.challenge}/steering/complete"
        self.desk.submit(who, address, fields, to="/steering/complete")

    def cannot_complete_yet(self, who: str, ending: str) -> None:
        page = self.desk.read(who, f"{self.challenge}/steering")
        assert f"{self.challenge}/steering/complete" not in page, ending
