"""What those send who change the course of a challenge."""

from pydantic.json_schema import SkipJsonSchema

from app.core.json_api import Body, example
from app.steering.forms import CourseForm, DatesForm, EndingForm


class Course(CourseForm, Body):
    """An act with a reason for everybody to read, where one is owed."""

    version: SkipJsonSchema[int] = 0


class NewDeadline(DatesForm, Body):
    """A new last day for answers, and the day by which a decision is promised then."""

    model_config = example(last_day="2030-08-10", reason="Many are on holiday in July.")

    version: SkipJsonSchema[int] = 0


class Ended(EndingForm, Body):
    """What became of a challenge, with an account for everybody to read."""

    version: SkipJsonSchema[int] = 0
