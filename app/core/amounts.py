"""Amounts that people type the way their language writes them."""

import re
from typing import Annotated, Any

from babel.numbers import NumberFormatError, parse_decimal
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from app.core.i18n import FORMATS, N_, current_locale

MAX_EUROS = 1_000_000_000
_SPACES_AND_SIGN = re.compile(r"[\s€]")
_NUMBER = re.compile(r"[0-9.,]+")


def _whole_number(value: Any) -> Any:
    """Read "60 000 €", in English also "60,000", in German "60.000"."""
    if not isinstance(value, str):
        return value
    digits = _SPACES_AND_SIGN.sub("", value)
    try:
        number = parse_decimal(digits, locale=FORMATS[current_locale()], strict=True)
    except NumberFormatError:
        number = None
    # A fraction is refused, not rounded: in English "60.000" is sixty, and rarely meant.
    if number is None or not _NUMBER.fullmatch(digits) or -int(number.as_tuple().exponent) > 0:
        raise PydanticCustomError(
            "whole_euros", N_("“%(name)s”: enter whole euros without cents, such as 60000.")
        )
    return int(number)


TypedEuros = Annotated[int, BeforeValidator(_whole_number), Field(ge=0, le=MAX_EUROS)]
"""Whole euros, with the thousands separators of the reader's language."""
