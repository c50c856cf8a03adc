"""What somebody may do who is not signed in, and how often."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import Response

from app.accounts.access import Viewer
from app.core.database import DbSession
from app.core.forms import Form, SubmittedForm
from app.core.outbox import RequestOutbox
from app.core.rendering import page

SIGN_INS_FROM = "30/minute"
"""Attempts from one address of the net, right or wrong: a whole office may share one."""
MAILS_FROM = "60/hour"
"""Sign-ups, and new passwords asked for, from one address of the net: each may send somebody mail,
and choosing a password takes work.
"""
WRONG_PASSWORDS = "5/minute"
"""Attempts on one account from one address of the net, until the right password comes."""
WRONG_PASSWORDS_ANYWHERE = "10/minute"
"""Attempts on one account from all addresses: nobody alone keeps its person out."""


@dataclass(frozen=True)
class Sent:
    """A form that somebody sends who need not be signed in, and that may lead to an e-mail."""

    request: Request
    viewer: Viewer
    session: DbSession
    submitted: SubmittedForm
    outbox: RequestOutbox

    def again(self, template: str, form: Form[Any], **context: Any) -> Response:
        """Return the page of the form with what is wrong."""
        return page(
            self.request, f"accounts/{template}.html", form=form, status_code=422, **context
        )

    def count(self, limit: str, *key: str) -> None:
        """Count one attempt.

        :raises TooManyAttempts: when there were too many
        """
        self.request.app.state.rate_limits.count(limit, *key)

    @property
    def address(self) -> str:
        """Where on the net it came from."""
        return address_of(self.request)


SentForm = Annotated[Sent, Depends()]


def address_of(request: Request) -> str:
    """Return where on the net a request came from."""
    return request.client.host if request.client else ""


def count_password(request: Request, email: str) -> None:
    """Count a password that is about to be tried on an account, whether there is one or not.

    :raises TooManyAttempts: when too many were tried
    """
    count, address = request.app.state.rate_limits.count, address_of(request)
    count(SIGN_INS_FROM, "sign-in from", address)
    count(WRONG_PASSWORDS, "sign-in", email, address)
    count(WRONG_PASSWORDS_ANYWHERE, "sign-in anywhere", email)


def forget_passwords(request: Request, email: str) -> None:
    """Forget those that were tried from there: the right one came."""
    request.app.state.rate_limits.forget(WRONG_PASSWORDS, "sign-in", email, address_of(request))
