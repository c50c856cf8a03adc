"""People who can sign in, and where they are signed in."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base
from app.core.event_words import Topic, declare
from app.core.i18n import N_
from app.core.labels import LabelledEnum


class User(Base):
    """A person. What they may do follows from their memberships and the two platform roles."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    locale: Mapped[str] = mapped_column(default="en")
    is_administrator: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_regional_developer: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]
    email_confirmed_at: Mapped[datetime | None]
    blocked_at: Mapped[datetime | None]
    """Since when they may not sign in, by decision of an administrator."""


class SignInSession(Base):
    """One browser in which a person is signed in; only a hash of its token is kept."""

    __tablename__ = "sign_in_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    user: Mapped[User] = relationship(lazy="raise")
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    user_agent: Mapped[str] = mapped_column(default="")
    proved_at: Mapped[datetime | None]
    """When they last proved here who they are, after signing in."""
    provider: Mapped[str] = mapped_column(default="", server_default="")
    """Key of the provider through which they signed in, if not with a password."""
    provider_session: Mapped[str] = mapped_column(default="", server_default="")
    """The provider's name for their session there, by which it says that it ended."""


class Identity(Base):
    """Who a person is to a provider of sign-ins; its name for them, which never changes."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("user_id", "issuer"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    user: Mapped[User] = relationship(lazy="raise")
    issuer: Mapped[str]
    subject: Mapped[str]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]


class ProviderVisit(Base):
    """Somebody on their way to a provider; gone when they come back, or ten minutes later."""

    __tablename__ = "provider_visits"

    id: Mapped[int] = mapped_column(primary_key=True)
    state_hash: Mapped[str] = mapped_column(unique=True)
    provider: Mapped[str]
    nonce: Mapped[str]
    verifier: Mapped[str]
    onward: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    """Who is to be proved; None where somebody signs in."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SpentLogoutToken(Base):
    """A token by which a provider signed somebody out; it does so once."""

    __tablename__ = "spent_logout_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SecondFactor(Base):
    """The secret that a person shares with an app that shows codes; it counts once confirmed."""

    __tablename__ = "second_factors"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    secret: Mapped[str]
    """Sealed; see ``app.core.sealing``."""
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)
    """The period of the last code that was taken; none of it or before is taken again."""


class RecoveryCode(Base):
    """A code for whoever has lost the app; only a hash is kept, and it works once."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)


class Scope(LabelledEnum):
    """What a personal token may be used for; never more than its person may do."""

    ACCOUNT_READ = "account:read", N_("Read who you are and what waits for you")
    ACCOUNT_WRITE = (
        "account:write",
        N_("Mark your messages, keep searches, choose your e-mails, note your ties"),
    )
    ORGANISATIONS_READ = "organisations:read", N_("Read organisations, their profiles and people")
    ORGANISATIONS_WRITE = (
        "organisations:write",
        N_("Add, change and verify organisations, invite their people, keep members of clusters"),
    )
    PROFILE_WRITE = "profile:write", N_("Change the profiles of your organisations")
    CHALLENGES_READ = "challenges:read", N_("Read challenges, questions and protected parts")
    CHALLENGES_WRITE = (
        "challenges:write",
        N_("Write, submit and steer your challenges, ask, follow"),
    )
    CHALLENGES_MODERATE = "challenges:moderate", N_("Decide on the publishing of challenges")
    MATCHES_READ = "matches:read", N_("Read match lists, shortlists and invitations")
    MATCHES_CURATE = "matches:curate", N_("Keep, drop, add and invite")
    INVITATIONS_ANSWER = "invitations:answer", N_("Reply to invitations")
    RESPONSES_READ = "responses:read", N_("Read answers")
    RESPONSES_WRITE = "responses:write", N_("Write, sign, submit and withdraw answers")
    REVIEWS_READ = "reviews:read", N_("Read screenings, panels, scores and decisions")
    REVIEWS_WRITE = "reviews:write", N_("Screen, declare conflicts, score, decide and release")

    PILOTS_READ = "pilots:read", N_("Read pilots, also those that have not begun, and outcomes")
    PILOTS_WRITE = "pilots:write", N_("Agree on, carry out, judge and take over pilots")
    RECORD_READ = (
        "record:read",
        N_("Read audit trails and complete sourcing files, with answers and decisions"),
    )

    @property
    def only_reads(self) -> bool:
        """Whether nothing can be changed with it."""
        return self.endswith(":read")


class PersonalToken(Base):
    """A key with which a program acts as one person; only a hash of it is kept."""

    __tablename__ = "personal_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    user: Mapped[User] = relationship(lazy="raise")
    name: Mapped[str]
    beginning: Mapped[str]
    """The first characters of the key, by which its person recognises it."""
    token_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]

    @property
    def granted(self) -> tuple[Scope, ...]:
        """Its scopes in the order of the list."""
        return tuple(scope for scope in Scope if scope in self.scopes)


declare(
    Topic.PLATFORM,
    {
        "user.roles_changed": N_("Roles of a person on the platform changed"),
        "user.second_factor_on": N_("Second factor turned on"),
        "user.second_factor_off": N_("Second factor turned off"),
        "user.second_factor_reset": N_("Second factor reset by an administrator"),
        "user.identity_linked": N_("Sign-in through a provider linked to an account"),
        "user.signed_out": N_("Person signed out everywhere by an administrator"),
        "user.blocked": N_("Account blocked by an administrator"),
        "user.unblocked": N_("Account unblocked by an administrator"),
        "user.address_changed": N_("E-mail address of a person changed"),
    },
)
