"""What a sourcing file holds of the lists that were sent."""

from datetime import datetime

from pydantic import Field

from app.trail.contents.part import Part


class Listed(Part):
    organisation: str
    place: int | None
    machine_rank: int | None
    state: str
    note: str
    drop_reason: str | None


class Difference(Part):
    kind: str = Field(description="joined, left or moved, since the version before.")
    organisation: str
    place_before: int | None
    place: int | None
    reason: str


class Share(Part):
    """How many belonged to the curating cluster, of how many."""

    members: int
    total: int


class ListVersion(Part):
    """A list as it was sent; its digest is that of the list's own export."""

    version: int
    sent_at: datetime
    sent_by: str
    run: int | None
    listed: list[Listed]
    left_out: list[Listed]
    changes: list[Difference]
    own_members: Share | None = Field(
        description="Members of the curating cluster on it, counted when it was sent; none without "
        "a cluster."
    )
    own_members_in_pool: Share | None = Field(
        description="The same among all who could answer at that moment."
    )
    sha256: str
