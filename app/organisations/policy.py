"""Who may do what with an organisation, and the actor that every policy above asks about."""

from dataclasses import dataclass

from app.accounts.models import User
from app.core.journal import By
from app.organisations.models import MemberRole, Membership, Organisation, OrganisationKind

JOINING = "organisations.join"
JOINING_SECONDS = 14 * 24 * 3600
ACTING_ROLES = frozenset({MemberRole.MANAGER, MemberRole.EDITOR})


@dataclass(frozen=True)
class Actor:
    """Whoever is asking, with their memberships; ``user`` is None for a visitor."""

    user: User | None = None
    memberships: tuple[Membership, ...] = ()

    @property
    def is_administrator(self) -> bool:
        """Whether they run the installation."""
        return self.user is not None and self.user.is_administrator

    @property
    def is_regional_developer(self) -> bool:
        """Whether they steer the region."""
        return self.user is not None and self.user.is_regional_developer

    def belongs_to(self, organisation_id: int | None) -> bool:
        """Whether they have any role there."""
        return any(m.organisation_id == organisation_id for m in self.memberships)

    def acts_for(self, organisation_id: int | None) -> bool:
        """Whether they may act in the organisation's name."""
        return any(
            m.organisation_id == organisation_id and m.role in ACTING_ROLES
            for m in self.memberships
        )

    def manages(self, organisation_id: int | None) -> bool:
        """Whether they may change the organisation and its people."""
        return any(
            m.organisation_id == organisation_id and m.role is MemberRole.MANAGER
            for m in self.memberships
        )

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        """Every organisation they belong to."""
        return tuple(m.organisation for m in self.memberships)

    @property
    def acting_organisations(self) -> tuple[Organisation, ...]:
        """Organisations in whose name they may act."""
        return tuple(m.organisation for m in self.memberships if m.role in ACTING_ROLES)

    @property
    def curated_clusters(self) -> tuple[Organisation, ...]:
        """Clusters for which they curate."""
        return tuple(o for o in self.acting_organisations if o.kind is OrganisationKind.CLUSTER)

    def by(self, organisation: Organisation | None = None) -> By:
        """Return who goes into the journal, acting for ``organisation`` if one is given."""
        return By(
            user_id=self.user.id if self.user else None,
            name=self.user.name if self.user else "",
            organisation_id=organisation.id if organisation else None,
            organisation_name=organisation.name if organisation else "",
        )


VISITOR = Actor()


def can_view(actor: Actor, organisation: Organisation) -> bool:
    """Whether they may see the organisation's page; unverified ones are for their own people."""
    return (
        organisation.verified_at is not None
        or actor.is_regional_developer
        or actor.belongs_to(organisation.id)
    )


def can_verify(actor: Actor) -> bool:
    """Whether they may let organisations into the public directory."""
    return actor.is_regional_developer
