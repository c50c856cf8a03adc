"""People with their tokens, organisations, memberships."""

from datetime import UTC, datetime

from app.accounts.models import PersonalToken, Scope, SecondFactor, SignInSession, User
from app.accounts.policy import TOKEN_BEGINNING, TOKEN_PREFIX, hash_token
from app.core.passwords import hash_password
from app.organisations.models import (
    ClusterMembership,
    MemberRole,
    Membership,
    Organisation,
    OrganisationKind,
)
from tests.factories import EARLIER, numbers, save

PASSWORD = "seven quiet harbour cranes"


def make_user(
    *,
    email: str | None = None,
    name: str = "Ada Example",
    locale: str = "en",
    password: str | None = None,
    is_confirmed: bool = True,
    is_administrator: bool = False,
    is_regional_developer: bool = False,
) -> User:
    """Return a person without organisation; without a password they cannot type one."""
    return save(
        User(
            email=email or f"person{next(numbers)}@example.org",
            name=name,
            password_hash=hash_password(password) if password else "no password",
            locale=locale,
            is_administrator=is_administrator,
            is_regional_developer=is_regional_developer,
            created_at=EARLIER,
            email_confirmed_at=EARLIER if is_confirmed else None,
        )
    )


def make_organisation(
    *,
    kind: OrganisationKind = OrganisationKind.STARTUP,
    name: str | None = None,
    lang: str = "en",
    is_verified: bool = True,
) -> Organisation:
    """Return an organisation without people."""
    number = next(numbers)
    return save(
        Organisation(
            slug=f"organisation-{number}",
            name=name or f"Organisation {number}",
            kind=kind,
            lang=lang,
            created_at=EARLIER,
            verified_at=EARLIER if is_verified else None,
        )
    )


def make_cluster(*, name: str | None = None) -> Organisation:
    """Return a cluster without members."""
    return make_organisation(kind=OrganisationKind.CLUSTER, name=name)


def make_member(
    organisation: Organisation | None = None,
    *,
    user: User | None = None,
    role: MemberRole = MemberRole.EDITOR,
) -> User:
    """Return a person with a role in an organisation (both new unless given)."""
    user = user or make_user()
    organisation = organisation or make_organisation()
    save(
        Membership(user_id=user.id, organisation_id=organisation.id, role=role, created_at=EARLIER)
    )
    return user


def join_cluster(member: Organisation, cluster: Organisation) -> ClusterMembership:
    """Make an organisation a member of a cluster."""
    return save(ClusterMembership(cluster_id=cluster.id, member_id=member.id, created_at=EARLIER))


def make_token(user: User, *scopes: Scope) -> tuple[str, PersonalToken]:
    """Return the key and the row of a token that lives until 2031; without scopes it has all."""
    key = f"{TOKEN_PREFIX}{next(numbers):06}-of-{user.id}"
    token = PersonalToken(
        user_id=user.id,
        name="A program",
        beginning=key[:TOKEN_BEGINNING],
        token_hash=hash_token(key),
        scopes=[scope.value for scope in scopes or Scope],
        created_at=EARLIER,
        expires_at=datetime(2031, 1, 1, tzinfo=UTC),
    )
    return key, save(token)


def make_sign_in(user: User, *, agent: str = "", at: datetime = EARLIER) -> SignInSession:
    """Return a browser somewhere else in which the person is signed in until 2031."""
    return save(
        SignInSession(
            user_id=user.id,
            token_hash=hash_token(f"elsewhere {next(numbers)}"),
            created_at=at,
            last_seen_at=at,
            expires_at=datetime(2031, 1, 1, tzinfo=UTC),
            user_agent=agent,
        )
    )


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def make_second_factor(user: User, *, is_confirmed: bool = True) -> SecondFactor:
    """Return the second factor of a person, whose app shows the codes of ``SECRET``."""
    confirmed = EARLIER if is_confirmed else None
    return save(
        SecondFactor(user_id=user.id, secret=SECRET, created_at=EARLIER, confirmed_at=confirmed)
    )
