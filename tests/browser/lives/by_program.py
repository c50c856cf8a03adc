"""People whose programs act for them, each with a token that has the scopes of their part."""

from collections.abc import Mapping
from typing import Any

import httpx

from app.accounts.models import Scope
from tests.browser.lives.house import House
from tests.browser.lives.story import MISSING, SHOWN, SHOWN_IN
from tests.factories.people import make_token
from tests.journeys.programs import Program

READING = {Scope.CHALLENGES_READ, Scope.RESPONSES_READ}
RECEIVING = READING | {Scope.MATCHES_READ, Scope.REVIEWS_READ, Scope.REVIEWS_WRITE}
PILOTING = {Scope.PILOTS_READ, Scope.PILOTS_WRITE}
ANSWERING = PILOTING | READING | {
    Scope.CHALLENGES_WRITE, Scope.RESPONSES_WRITE, Scope.MATCHES_READ, Scope.INVITATIONS_ANSWER,
}  # fmt: skip
SCOPES = {
    "owner": RECEIVING | PILOTING | {Scope.CHALLENGES_WRITE},
    "curator": RECEIVING | {Scope.CHALLENGES_MODERATE, Scope.MATCHES_CURATE},
    "region": RECEIVING | {Scope.MATCHES_CURATE},
    **dict.fromkeys(
        ("evaluator_one", "evaluator_two", "evaluator_three"),
        READING | {Scope.REVIEWS_READ, Scope.REVIEWS_WRITE},
    ),
}


class ByProgram:
    """Does every step over the API."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.challenge = ""
        self.programs: dict[str, Program] = {}
        for name, user in house.people.items():
            key, _ = make_token(user, *SCOPES.get(name, ANSWERING))
            self.programs[name] = Program(f"{house.address}/api/v1", key)

    def close(self) -> None:
        """End the connections."""
        for program in self.programs.values():
            program.close()

    def _version(self, who: str) -> int:
        return int(self.programs[who].get(self.challenge)["version"])

    def _answer(self, whose: str) -> str:
        return f"responses/{self.house.answer_of(whose)}"

    def drafts(self, who: str, sections: Mapping[str, dict[str, Any]]) -> None:
        start = {"title": sections["need"]["title"], "lang": sections["need"]["lang"]}
        draft = self.programs[who].post("challenges", start)
        self.challenge = f"challenges/{draft['id']}"
        cluster = {"cluster": {"cluster": str(self.house.organisations["curator"].id)}}
        for section, text in {**sections, **cluster}.items():
            self.revises(who, section, text)
        assert self.programs[who].get(f"{self.challenge}/check")["gaps"] == []

    def revises(self, who: str, section: str, text: dict[str, Any]) -> None:
        address, version = f"{self.challenge}/{section}", self._version(who)
        self.programs[who].put(address, text, version=version)

    def asks_to_evaluate(self, who: str, whom: str) -> None:
        body = {"email": self.house.people[whom].email}
        self.programs[who].post(f"{self.challenge}/panel", body)

    def hands_the_draft_in(self, who: str) -> None:
        self.programs[who].post(f"{self.challenge}/submit", version=self._version(who))

    def asks_for_changes(self, who: str, why: str) -> None:
        self._review(who, decision="request_changes", reason=why)

    def approves(self, who: str) -> None:
        self._review(who, decision="approve")

    def _review(self, who: str, **body: str) -> None:
        self.programs[who].post(f"{self.challenge}/review", body, version=self._version(who))

    def keeps(self, who: str, whom: str) -> None:
        match = self.house.match_of(whom)
        address = f"{self.challenge}/matches/{match.id}/keep"
        self.programs[who].post(address, version=match.version)

    def drops(self, who: str, whom: str, why: str) -> None:
        match = self.house.match_of(whom)
        address = f"{self.challenge}/matches/{match.id}/drop"
        self.programs[who].post(address, {"reason": why}, version=match.version)

    def sends_the_invitations(self, who: str) -> None:
        entries = self.programs[who].get(f"{self.challenge}/shortlist")["entries"]
        kept = [entry["id"] for entry in entries]
        sent = self.programs[who].post(f"{self.challenge}/shortlist/send", {"match_id": kept})
        assert sent["invited"] == kept

    def replies_to_the_invitation(self, who: str, reply: str) -> None:
        [invitation] = self.programs[who].get("invitations")["items"]
        address = f"invitations/{invitation['id']}"
        assert self.programs[who].get(address)["evidence"]
        self.programs[who].post(f"{address}/reply", {"reply": reply})

    def asks(self, who: str, question: str, lang: str) -> None:
        body = {"text": question, "lang": lang}
        self.programs[who].post(f"{self.challenge}/questions", body)

    def answers_the_question(self, who: str, question: str, answer: str) -> None:
        [waiting] = self.programs[who].get(f"{self.challenge}/questions")["waiting"]
        self.programs[who].post(
            f"{self.challenge}/questions/{waiting['id']}",
            {"question": question, "answer": answer},
            version=waiting["version"],
        )

    def adds_an_addendum(self, who: str, text: str, kind: str) -> None:
        self.programs[who].post(f"{self.challenge}/addenda", {"text": text, "kind": kind})

    def writes_an_answer(self, who: str, title: str, lang: str) -> None:
        body = {"organisation_id": self.house.organisations[who].id}
        started = self.programs[who].post(f"{self.challenge}/answer", body)
        shown = SHOWN_IN[lang]
        answers = [
            {"requirement_id": row["requirement_id"], "text": shown} for row in started["answers"]
        ]
        text = {"title": title, "lang": lang, "approach": shown, "price_eur": 50_000}
        whole = {**text, "answers": answers}
        address = f"responses/{started['id']}"
        self.programs[who].put(address, whole, version=started["version"])

    def asks_a_partner(self, who: str, whom: str, part: str, share: int) -> None:
        body = {"organisation_id": self.house.organisations[whom].id, "part": part, "share": share}
        self.programs[who].post(f"{self._answer(who)}/partners", body)
        early = self.programs[who].try_to("POST", f"{self._answer(who)}/submit")
        assert early.status_code in {409, 422}, "an answer waits for its partners' signatures"

    def signs(self, who: str, whose: str) -> None:
        shown = self.programs[who].get(f"{self._answer(whose)}/partners")
        address = f"{self._answer(whose)}/partners/{shown['may_sign'][0]}/sign"
        self.programs[who].post(address, {"seal": shown["seal"]})

    def hands_the_answer_in(self, who: str) -> None:
        self.programs[who].post(f"{self._answer(who)}/submit")

    def withdraws_the_answer(self, who: str) -> None:
        self.programs[who].post(f"{self._answer(who)}/withdraw")

    def reads_nothing_before_the_deadline(self, who: str) -> None:
        sealed = self.programs[who].get(f"{self.challenge}/responses")
        assert (sealed["is_unsealed"], sealed["responses"]) == (False, [])

    def asks_about(self, who: str, whose: str, question: str) -> None:
        body = {"question": question, "days": 5}
        self.programs[who].get(f"{self.challenge}/screening")
        self.programs[who].post(f"{self._answer(whose)}/screening/question", body)

    def informs(self, who: str, reply: str) -> None:
        self.programs[who].post(f"{self._answer(who)}/information", {"reply": reply})

    def finds_eligible(self, who: str, whose: str) -> None:
        self.programs[who].get(f"{self.challenge}/screening")
        self.programs[who].post(f"{self._answer(whose)}/screening/eligible")

    def declares(self, who: str, conflicts: Mapping[str, str]) -> None:
        address = f"{self.challenge}/declaration"
        declared = {self.house.answer_of(name): sort for name, sort in conflicts.items()}
        rows = [
            {"response_id": i, "conflict": declared.get(i, "none")}
            for i in (each["response_id"] for each in self.programs[who].get(address)["responses"])
        ]
        self.programs[who].post(address, {"rows": rows, "true": True})

    def starts_the_evaluation(self, who: str) -> None:
        self.programs[who].post(f"{self.challenge}/evaluation")

    def cannot_choose_anybody(self, who: str) -> None:
        refused = self.programs[who].try_to("POST", f"{self.challenge}/evaluation")
        assert refused.status_code == 409

    def scores(self, who: str, whose: str, points: int) -> None:
        criteria = [each["id"] for each in self.programs[who].get(self.challenge)["criteria"]]
        rows = [{"criterion_id": i, "points": points, "comment": SHOWN} for i in criteria]
        address = f"{self._answer(whose)}/scores/lock"
        self.programs[who].post(address, {"rows": rows}, version=0)

    def records_the_discussion(self, who: str, about: str, text: str) -> None:
        self.programs[who].put(f"{self._answer(about)}/discussion", {"text": text})

    def cannot_decide_yet(self, who: str, on: str) -> None:
        refused = self._decide(who, on, "shortlisted", SHOWN, None)
        assert refused.status_code == 409

    def prepares_a_decision(
        self, who: str, on: str, outcome: str, why: str, place: int | None = None
    ) -> None:
        prepared = self._decide(who, on, outcome, why, place)
        assert prepared.is_success, prepared.text

    def _decide(self, who: str, on: str, outcome: str, why: str, place: int | None) -> Any:
        criteria = self.programs[who].get(self.challenge)["criteria"]
        main = [each for each in criteria if each["weight"] * len(criteria) >= 100]
        body = {
            "outcome": outcome, "reason": why, "reserve_place": place,
            "feedback": [{"strength": SHOWN, "gap": MISSING} for _ in main],
        }  # fmt: skip
        return self.programs[who].try_to("PUT", f"{self._answer(on)}/decision", body, version=0)

    def prepares_feedback(self, who: str, on: str, taken: str, why: str) -> None:
        self.programs[who].get(f"{self.challenge}/decisions")
        texts = {"strengths": taken, "gaps": MISSING, "reason": why}
        row = {"response_id": self.house.answer_of(on), **texts}
        self.programs[who].put(f"{self.challenge}/feedback", {"rows": [row]})

    def proposes_the_shortlist(self, who: str) -> None:
        self.programs[who].post(f"{self.challenge}/decisions/proposal")

    def agrees_to_the_shortlist(self, who: str) -> None:
        self.programs[who].get(f"{self.challenge}/decisions")
        self.programs[who].post(f"{self.challenge}/decisions/agreement")

    def co_signs(self, who: str) -> None:
        self.programs[who].post(f"{self.challenge}/cosignature", {"note": ""})

    def releases(self, who: str) -> None:
        self.programs[who].post(f"{self.challenge}/decisions/release")

    def cannot_release_yet(self, who: str) -> None:
        refused = self.programs[who].try_to("POST", f"{self.challenge}/decisions/release")
        assert refused.status_code == 409

    def accepts_the_selection(self, who: str) -> None:
        self.programs[who].post(f"{self._answer(who)}/acceptance", {"reply": "accept"})

    def refuses_the_selection(self, who: str, why: str) -> None:
        body = {"reply": "refuse", "reason": why}
        self.programs[who].post(f"{self._answer(who)}/acceptance", body)

    def closes(self, who: str, why: str) -> None:
        self._steers(who, "close", reason=why)

    def completes(self, who: str, ending: str, account: str) -> None:
        self._steers(who, "complete", ending=ending, reason=account)

    def _steers(self, who: str, act: str, **body: str) -> None:
        self.programs[who].post(f"{self.challenge}/{act}", body, version=self._version(who))

    def cannot_complete_yet(self, who: str, ending: str) -> None:
        refused: httpx.Response = self.programs[who].try_to(
            "POST", f"{self.challenge}/complete", {"ending": ending, "reason": SHOWN},
            version=self._version(who),
        )  # fmt: skip
        assert refused.status_code == 409

    def begins_the_sheet_of_a_pilot(self, who: str, whose: str) -> None:
        self.programs[who].post(f"{self._answer(whose)}/pilot")

    def writes_the_sheet(
        self, who: str, title: str, hypothesis: str, indicator: dict[str, str], **days: str
    ) -> None:
        sheet = {
            "title": title, "lang": "de", "hypothesis": hypothesis, "rows": [indicator],
            "place": "Elbwerder, Liegeplatz 4", "payment": "paid", "payment_eur": 50_000,
            "report_months": 0, **days,
        }  # fmt: skip
        self.programs[who].put(f"{self._pilot}/sheet", sheet, version=self._sheet_version)

    @property
    def _pilot(self) -> str:
        return f"pilots/{self.house.pilot().id}"

    @property
    def _sheet_version(self) -> int:
        return self.house.pilot().sheet_version

    def signs_the_sheet(self, who: str) -> None:
        self.programs[who].post(f"{self._pilot}/signature", version=self._sheet_version)

    def measures(self, who: str, result: str) -> None:
        [indicator] = self.programs[who].get(f"{self._pilot}/results")["items"]
        rows = {"rows": [{"id": indicator["id"], "result": result}]}
        self.programs[who].put(f"{self._pilot}/results", rows)

    def reports(self, who: str) -> None:
        self.programs[who].post(f"{self._pilot}/report")

    def judges_the_pilot(self, who: str, verdict: str, words: str, why: str, lessons: str) -> None:
        aspects = ("effectiveness", "feasibility", "durability")
        judgement = {
            **dict.fromkeys(aspects, "largely"),
            **{f"{aspect}_words": words for aspect in aspects},
            "verdict": verdict, "reason": why, "lessons": lessons,
        }  # fmt: skip
        self.programs[who].post(f"{self._pilot}/decision", judgement)
