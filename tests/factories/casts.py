"""Everybody who has to do with one challenge."""

from dataclasses import dataclass

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.organisations.models import MemberRole, Organisation, OrganisationKind
from tests.factories.challenges import make_challenge
from tests.factories.people import make_cluster, make_member, make_organisation, make_user


@dataclass(frozen=True)
class Cast:
    """A challenge with its people; ``startup`` answers, ``rival`` is another organisation's."""

    challenge: Challenge
    startup: Organisation
    responder: User
    responders_reader: User
    owner: User
    owners_reader: User
    curator: User
    region: User
    administrator: User
    rival: User
    rivals_organisation: Organisation

    @property
    def receivers(self) -> tuple[User, ...]:
        """Those who read the answers after the deadline."""
        return (self.owner, self.owners_reader, self.curator, self.region)

    @property
    def outsiders(self) -> tuple[User, ...]:
        """Those who never read somebody else's answer."""
        return (self.administrator, self.rival)


def make_cast(*, state: ChallengeState = ChallengeState.OPEN) -> Cast:
    """Return a challenge in some state with everybody around it, without answers."""
    owner = make_organisation(kind=OrganisationKind.COMPANY, name="Port of Example")
    cluster = make_cluster(name="Harbour Cluster")
    startup = make_organisation(name="Quay Plug")
    rivals_organisation = make_organisation(name="Rival Cable")
    return Cast(
        challenge=make_challenge(owner=owner, curating_cluster=cluster, state=state),
        startup=startup,
        responder=make_member(startup),
        responders_reader=make_member(startup, role=MemberRole.READER),
        owner=make_member(owner),
        owners_reader=make_member(owner, role=MemberRole.READER),
        curator=make_member(cluster),
        region=make_user(is_regional_developer=True),
        administrator=make_user(is_administrator=True),
        rival=make_member(rivals_organisation),
        rivals_organisation=rivals_organisation,
    )
