"""A signature covers the decisions as they stood, not those changed afterwards."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.shortlists.actions.signing import CoSignatureOwed, require_co_signature
from app.shortlists.models import CoSignature
from tests.app.shortlists.test_own_members import flag
from tests.conftest import NOON
from tests.factories import save
from tests.factories.challenges import make_challenge


@pytest.mark.parametrize(
    ("prepared_at", "is_covered"),
    [
        (None, True),
        (NOON - timedelta(seconds=1), True),
        (NOON, True),
        (NOON + timedelta(seconds=1), False),
    ],
)
def test_what_a_signature_covers(
    session: Session, prepared_at: datetime | None, *, is_covered: bool
) -> None:
    challenge = make_challenge()
    flag(challenge)
    with pytest.raises(CoSignatureOwed):
        require_co_signature(session, challenge, prepared_at=prepared_at, selects=False)
    signed = {"note": "", "signed_by_name": "Rosa", "signed_at": NOON}
    save(CoSignature(challenge_id=challenge.id, **signed))

    if is_covered:
        require_co_signature(session, challenge, prepared_at=prepared_at, selects=False)
        return
    with pytest.raises(CoSignatureOwed):
        require_co_signature(session, challenge, prepared_at=prepared_at, selects=False)
