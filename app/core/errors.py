"""Errors a person can cause; each knows its HTTP status and what to tell them."""

from collections.abc import Mapping
from typing import Any

from app.core.i18n import gettext


class DomainError(Exception):
    """The request was understood and refused.

    ``message`` is a catalogue entry (English, marked with ``N_``) and ``words`` fills its
    placeholders, so that the sentence is translated where it is shown. ``field`` names the field
    of a form that it is about; it is empty where it is about the whole.
    """

    status_code = 409
    needs_proof = False
    field = ""
    """The form field that it is about, if it is about one."""

    def __init__(self, message: str, **words: Any) -> None:
        super().__init__(message)
        self.message = message
        self.words: Mapping[str, Any] = words


class NotFound(DomainError):
    """Absent, or hidden from this person: the two must look the same."""

    status_code = 404


class Forbidden(DomainError):
    """Visible to this person, but not theirs to change."""

    status_code = 403


class SignInRequired(DomainError):
    """Nobody is signed in; the handler leads to the sign-in page and back."""

    status_code = 401


class ProofRequired(DomainError):
    """Signed in, but too long ago for this; the handler leads to where one proves who one is."""

    status_code = 403
    needs_proof = True


class SecondFactorRequired(DomainError):
    """Signed in by a password alone, which is not enough here; the handler leads to the set-up."""

    status_code = 403


class TooManyAttempts(DomainError):
    """The same thing was tried too often; wait."""

    status_code = 429


class LinkExpired(DomainError):
    """A signed link is too old, used, or not ours."""

    status_code = 410


class WrongEntry(DomainError):
    """Well written, but the records know better: no such name, or something left out."""

    status_code = 422


class Stale(DomainError):
    """Somebody else changed the same thing meanwhile."""


def in_words(error: DomainError) -> str:
    """Return the error's sentence in the reader's language."""
    sentence = gettext(error.message)
    return sentence % error.words if error.words else sentence
