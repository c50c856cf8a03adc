"""Make somebody administrator or regional developer, or take it back."""

import argparse
from pathlib import Path

from sqlalchemy.orm import Session

from app.accounts.queries import user_by_email
from app.core import journal
from app.core.clock import system_clock
from app.core.database import open_engine, session_maker
from app.core.journal import By
from app.core.settings import Settings


def main() -> None:
    """Change one person's platform roles."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("email", help="the address they signed up with")
    parser.add_argument("--data", type=Path, help="data folder (QUAYLINK_DATA_DIR, else var)")
    parser.add_argument("--administrator", action="store_true")
    parser.add_argument("--regional-developer", action="store_true")
    parser.add_argument("--revoke", action="store_true", help="take the role back")
    options = parser.parse_args()
    roles = [
        role
        for role, wanted in (
            ("is_administrator", options.administrator),
            ("is_regional_developer", options.regional_developer),
        )
        if wanted
    ]
    if not roles:
        parser.error("say which role: --administrator or --regional-developer")
    settings = Settings(data_dir=options.data) if options.data else Settings()
    factory = session_maker(open_engine(settings.sqlalchemy_url))
    with factory() as session, session.begin():
        grant(session, options.email, roles, granted=not options.revoke)
    print("Done.")


def grant(session: Session, email: str, roles: list[str], *, granted: bool) -> None:
    """Set platform roles of one person and record it.

    :raises SystemExit: if nobody has this address
    """
    user = user_by_email(session, email)
    if user is None:
        raise SystemExit(f"Nobody has signed up with {email}.")
    for role in roles:
        setattr(user, role, granted)
    journal.record(
        session,
        user,
        "user.roles_changed",
        by=By(name="command line"),
        at=system_clock(),
        details=dict.fromkeys(roles, granted),
    )


if __name__ == "__main__":
    main()
