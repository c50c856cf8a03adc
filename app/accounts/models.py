"""People who can sign in, and where they are signed in."""

from datetime import datetime

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base
from app.core.event_words import Topic, declare
from app.core.i18n import N_


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


declare(Topic.PLATFORM, {"user.roles_changed": N_("Roles of a person on the platform changed")})
