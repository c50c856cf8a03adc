"""Make the journal forget one person: who acted, from where; what was done, and why, stays."""

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.accounts.queries import user_by_email
from app.core.clock import system_clock
from app.core.database import open_engine, session_maker
from app.core.journal import Event
from app.core.journal_check import erase_people
from app.core.settings import Settings


def main(arguments: Sequence[str] | None = None) -> None:
    """Erase one person's name, number and network addresses from every event."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("email", help="the address they signed up with")
    parser.add_argument("--data", type=Path, help="data folder (QUAYLINK_DATA_DIR, else var)")
    options = parser.parse_args(arguments)
    settings = Settings(data_dir=options.data) if options.data else Settings()
    factory = session_maker(open_engine(settings.sqlalchemy_url))
    with factory() as session, session.begin():
        count = forget(session, options.email, at=system_clock())
    print(f"{count} events no longer name this person. The chain still holds.")


def forget(session: Session, email: str, *, at: datetime) -> int:
    """Erase one person from every event that they caused or that is about them.

    :raises SystemExit: if nobody has this address
    """
    user = user_by_email(session, email)
    if user is None:
        raise SystemExit(f"Nobody has signed up with {email}.")
    about_them = Event.details["user_id"].as_integer() == user.id
    return erase_people(session, (Event.user_id == user.id) | about_them, subject=user, at=at)


if __name__ == "__main__":
    main()
