"""Whatever people send in the life of a challenge, in any order and at any moment: the law holds.

Few lives in every run of the suite; ``pytest --long`` makes it two hundred of fifty steps each.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from typing_extensions import override

from app.challenges.models import ChallengeState, start_of
from app.responses.models import EDITABLE_STATES
from tests.random_lives import law
from tests.random_lives.scene import ACTORS, RESPONDERS, Request, Scene
from tests.random_lives.steps import STEPS, Step

pytestmark = pytest.mark.slow
LAST_MOMENT = datetime(2030, 12, 20, tzinfo=UTC)
"""The tokens of the tests end with the year."""
PAUSES = [
    timedelta(seconds=1), timedelta(minutes=10), timedelta(hours=5), timedelta(days=1),
    timedelta(days=8), timedelta(days=21),
]  # fmt: skip
OPENING, DEADLINE = "the first day", "the deadline"
BY_NAME = {step.name: step for step in STEPS}
BOTH = [(f"{act} quick", f"{act} slow") for act in ("start", "save", "hand in", "eligible")]
STRAIGHT_ROAD = [
    "submit", "approve", OPENING, "keep quick", "invite quick", "interested quick",
    *BOTH[0], *BOTH[1], *BOTH[2], DEADLINE, *BOTH[3], "declare eva", "declare ernst", "evaluate",
    "score quick eva", "score quick ernst", "score slow eva", "score slow ernst",
    "decide selected quick", "decide reserve slow", "co-sign", "release", "accept quick",
    "begin pilot quick", "write sheet quick", "sign as owner quick", "sign as responder quick",
    "two days", "measure quick", "report quick", "judge quick",
]  # fmt: skip
PLACES = [
    "submit", "approve", "keep quick", "interested quick", "start slow", DEADLINE, "eligible slow",
    "evaluate", "score quick eva", "decide selected quick", "co-sign", "release", "accept quick",
    "begin pilot quick", "sign as owner quick", "measure quick", "judge quick",
]  # fmt: skip
"""Where on the road lives begin: what stands before is done already."""


class Lives(RuleBasedStateMachine):
    """The life of one challenge and of all that belongs to it; ``states`` is what we know of it."""

    migrated: Path

    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene(self.migrated)
        self.states = law.states(self.scene.session)
        self.last_event = law.newest_event(self.scene.session)
        self.taken: set[str] = set()

    @override
    def teardown(self) -> None:
        self.scene.close()

    @initialize(place=st.sampled_from(PLACES))
    def begin_somewhere(self, place: str) -> None:
        for name in STRAIGHT_ROAD[: STRAIGHT_ROAD.index(place)]:
            if name in BY_NAME:
                step = BY_NAME[name]
                answered = self._send(step.actor, step)
                assert answered < 400, f"{name}: {answered}"
            else:
                self._wait_for(name)
            self._work()

    @rule()
    def somebody_goes_on(self) -> None:
        """Whoever is next on the straight road takes a step that was not taken yet."""
        for name in STRAIGHT_ROAD:
            if name in BY_NAME and name not in self.taken and BY_NAME[name].when(self.scene):
                self._send(BY_NAME[name].actor, BY_NAME[name])
                return

    @rule(data=st.data())
    def somebody_does_what_is_natural(self, data: st.DataObject) -> None:
        possible = [step for step in STEPS if step.when(self.scene)]
        if possible:
            step = data.draw(st.sampled_from(possible))
            self._send(step.actor, step)

    @rule()
    def somebody_else_goes_on(self) -> None:
        self.somebody_goes_on()  # twice as often as anything else: most of what there is comes late

    @rule(step=st.sampled_from(STEPS), actor=st.sampled_from(ACTORS), is_late=st.booleans())
    def anybody_tries_anything(self, step: Step, actor: str, is_late: bool) -> None:  # noqa: FBT001 -- drawn
        self._send(actor, step, is_late=is_late)

    @rule(pause=st.sampled_from(PAUSES))
    def time_passes(self, pause: timedelta) -> None:
        self._pass_to(self.scene.clock() + pause)

    @rule(jump=st.sampled_from([timedelta(seconds=5), timedelta(hours=1), timedelta(days=1)]))
    def the_clock_is_put_back(self, jump: timedelta) -> None:
        self.scene.clock.now -= jump

    @rule(before=st.sampled_from([timedelta(seconds=1), timedelta(0), timedelta(microseconds=1)]))
    def the_deadline_comes(self, before: timedelta) -> None:
        self._pass_to(law.moment(self.scene.challenge) - before)

    @rule()
    def the_worker_works(self) -> None:
        self._work()

    @invariant()
    def every_row_is_complete_and_nobody_ends_in_silence(self) -> None:
        law.check_rows(self.scene.session)

    @invariant()
    def the_journal_is_whole(self) -> None:
        law.check_journal(self.scene.session)

    @invariant()
    def no_mail_goes_out_twice(self) -> None:
        sent = [message["Message-ID"] for message in self.scene.mail.messages]
        assert len(sent) == len(set(sent))

    @invariant()
    def answers_are_sealed_until_the_deadline(self) -> None:
        challenge = self.scene.challenge
        is_taking = challenge.state is ChallengeState.OPEN
        if not is_taking or self.scene.clock() >= law.moment(challenge):
            return
        for response in filter(None, map(self.scene.response, RESPONDERS)):
            asked = Request("GET", f"responses/{response.id}")
            assert self.scene.send("owner", asked).status_code == 404

    def _send(self, actor: str, step: Step, *, is_late: bool = False) -> int:
        """Send it, compare what changed with what the journal tells of it; return the status."""
        request = step.make(self.scene)
        if request is None:
            return 0
        self.taken.add(step.name)
        if is_late and request.version:
            request = Request(request.method, request.path, request.body, request.version - 1)
        before, closes_at = self.scene.contents(), law.moment(self.scene.challenge)
        owed = self._owes_success(actor, step) and not is_late
        answer = self.scene.send(actor, request)
        said = f"{actor}, {step.name}: {answer.status_code} {answer.text[:500]}"
        assert answer.status_code < 500, said
        if answer.status_code >= 400:
            assert self.scene.contents() == before, f"left a trace: {said}"
            assert not owed, f"refused: {said}"
        self._learn(closes_at)
        return int(answer.status_code)

    def _owes_success(self, actor: str, step: Step) -> bool:
        """Whether this is a complete answer, handed in while the challenge takes answers."""
        challenge = self.scene.challenge
        if step.name != f"hand in {actor}" or challenge.state is not ChallengeState.OPEN:
            return False
        response = self.scene.response(actor)
        is_ready = response is not None and response.state in EDITABLE_STATES and response.title
        return bool(is_ready) and self.scene.clock() < law.moment(challenge)

    def _work(self) -> None:
        closes_at = law.moment(self.scene.challenge)
        self.scene.runner.drain()
        self._learn(closes_at)

    def _learn(self, closes_at: datetime) -> None:
        """Follow the journal from what is known; it must lead to what the database says."""
        session = self.scene.session
        events = law.events_since(session, self.last_event)
        law.check_deadline(events, closes_at, self.scene.clock())
        known, self.states = law.follow(self.states, events), law.states(session)
        for row in self.states.keys() - known.keys():  # new rows begin where their machine begins
            known[row] = self.states[row]
        for row in known.keys() - self.states.keys():  # a new ranking may drop what it suggested
            assert (row[0], known.pop(row)) == ("matches", "suggested")
        assert known == self.states
        self.last_event = law.newest_event(session)

    def _wait_for(self, what: str) -> None:
        challenge = self.scene.challenge
        moments = {
            OPENING: start_of(challenge.opens_on or self.scene.clock().date()),
            DEADLINE: law.moment(challenge),
        }
        self._pass_to(moments.get(what, self.scene.clock() + timedelta(days=2)))

    def _pass_to(self, moment: datetime) -> None:
        if self.scene.clock() < moment < LAST_MOMENT:
            self.scene.clock.now = moment


def test_the_law_holds(migrated_database: Path, request: pytest.FixtureRequest) -> None:
    is_long = request.config.getoption("--long")
    steady = settings(
        max_examples=200 if is_long else 4,
        stateful_step_count=50 if is_long else 20,
        derandomize=True,
        database=None,
        deadline=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink] if is_long else [Phase.generate],
    )

    Lives.migrated = migrated_database
    run_state_machine_as_test(Lives, settings=steady)
