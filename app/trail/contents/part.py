"""What every piece of a sourcing file is."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A piece of the file: its fields are all that it may hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)
