"""Numbers for the screen: four significant digits in a width that never jumps, ASCII signs for copying."""

from __future__ import annotations

import math
from functools import lru_cache

DIGITS = 4
TOO_LONG = "#"
WIDTH = 10  # a sign, four digits, a point and an exponent: -1.234e-09


def number(value: float | None, width: int = WIDTH, missing: str = "—") -> str:
    """`value` right-aligned in exactly `width` cells, with as many of four significant digits as fit.

    An exact zero is "0"; None, NaN and infinities are `missing`. Positive numbers leave room for a sign, so
    that a number and its negative have the same digits. Where not even one digit fits, the field is full
    of "#", as in a spreadsheet.
    """
    if value is None or not math.isfinite(value):
        return missing.rjust(width)[:width]
    if value == 0:
        return "0".rjust(width)
    body = _body(abs(float(value)), width - 1)
    if body is None:
        return TOO_LONG * width
    return ("-" + body if value < 0 else body).rjust(width)


def num(value: float) -> str:
    """A number as part of a sentence or a formula, without padding."""
    return number(float(value)).strip()


def bracketed(value: float) -> str:
    """A number as a factor or a term, in brackets if it is negative."""
    text = num(value)
    return f"({text})" if text.startswith("-") else text


def count(value: int) -> str:
    """An exact whole number with its thousands grouped: 1,000."""
    return f"{value:,}"


def shape(rows: int, columns: int, times: str = "×") -> str:
    """The shape of a matrix: 128×12."""
    return f"{rows}{times}{columns}"


@lru_cache(maxsize=4096)
def _body(magnitude: float, room: int) -> str | None:
    """The digits of a positive number: plain if that shows as many as an exponent would."""
    for digits in range(DIGITS, 0, -1):
        scientific = f"{magnitude:.{digits - 1}e}"
        exponent = int(scientific.partition("e")[2])
        if exponent < DIGITS:
            plain = f"{magnitude:.{max(digits - 1 - exponent, 0)}f}"
            if len(plain) <= room:
                return plain
        if len(scientific) <= room:
            return scientific
    shortest = f"{magnitude:.0e}".replace("e-0", "e-").replace("e+0", "e+")
    return shortest if len(shortest) <= room else None
