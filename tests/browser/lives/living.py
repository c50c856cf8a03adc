"""Live a life, step by step."""

from collections.abc import Callable
from typing import Any

from tests.browser.lives.house import House
from tests.browser.lives.story import Life, Step

Look = Callable[[int, Step], None]


def live(life: Life, acts: Any, house: House, look: Look = lambda _number, _step: None) -> None:
    """Have everybody do their steps, the worker working after each.

    :param acts: has a method for each thing done, such as ``asks_for_changes``
    :param look: called before each step
    """
    for number, step in enumerate(life, start=1):
        house.clock.advance(minutes=1)
        look(number, step)
        try:
            if step.who == "time":
                house.wait_until(step.given["until"])
                continue
            getattr(acts, step.does.replace(" ", "_").replace("-", "_"))(step.who, **step.given)
            house.work()
        except BaseException as error:
            error.add_note(f"in step {number}: {step.who} {step.does}, with {dict(step.given)}")
            raise
