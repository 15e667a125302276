"""Where an axis has its ticks and what stands beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tui.render.numbers import count, number
from tui.render.palette import Look

MANTISSAS = ((1,), (1, 2, 5), (1, 3), (1, 1.5, 2, 3, 5, 7), (1, 2, 3, 4, 5, 6, 7, 8, 9))  # of a logarithmic axis
ENOUGH = 4  # ticks
STEPS = 16  # of a range that moves in jumps
LARGEST = 1e300  # beyond it the difference of two values may overflow


def span(values: Sequence[np.ndarray]) -> tuple[float, float]:
    """The lowest and the highest finite value, widened where they are equal; (0, 1) without any."""
    joined = np.concatenate([np.zeros(0), *values])
    joined = joined[np.abs(joined) < LARGEST]
    if joined.size == 0:
        return 0.0, 1.0
    return widened(float(joined.min()), float(joined.max()))


def widened(low: float, high: float) -> tuple[float, float]:
    """The range (low, high), with some room around it if it is too narrow to divide by."""
    size = max(abs(low), abs(high))
    if high - low > 1e-9 * size + 1e-300:
        return low, high
    room = 0.1 * size if size > 1e-290 else 0.5
    return low - room, high + room


def round_step(least: float) -> float:
    """The least of 1, 2 or 5 times a power of ten that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return power * next(factor for factor in (1, 2, 5, 10) if factor * power >= least * 0.999)


def in_jumps(low: float, high: float) -> tuple[float, float]:
    """The range (low, high) widened to whole steps of about a sixteenth of it, so that it seldom moves as it grows."""
    low, high = widened(low, high)
    step = round_step((high - low) / STEPS)
    return math.floor(low / step) * step, math.ceil(high / step) * step


def nice(low: float, high: float, about: int) -> list[float]:
    """About that many multiples of 1, 2 or 5 times a power of ten between `low` and `high`."""
    step = round_step((high - low) / max(about, 1))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [multiple * step for multiple in range(first, last + 1)]


def powers(low: float, high: float, about: int) -> list[int]:
    """About that many exponents of ten between the exponents `low` and `high`."""
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    every = max(math.ceil((last - first + 1) / max(about, 1)), 1)
    return [exponent for exponent in range(first, last + 1) if exponent % every == 0]


def power_label(exponent: int, look: Look) -> str:
    """A power of ten: 10⁻² or, in ASCII, 1e-2."""
    if look.ascii:
        return f"1e{exponent}"
    sign = look.glyphs.exponents[10] if exponent < 0 else ""
    return f"10{sign}" + "".join(look.glyphs.exponents[int(digit)] for digit in str(abs(exponent)))


def label(value: float, width: int = 7) -> str:
    """A tick's value, as short as it can be said."""
    if value == int(value) and abs(value) < 1e6:
        short = count(int(value))
    else:
        short = f"{value:.4g}".replace("e+0", "e").replace("e+", "e").replace("e-0", "e-")
    return short if len(short) <= width else number(value, width).strip()


UNITS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
MANY = 1e6  # to this and farther, an axis tells counts in thousands, millions, …


def short(value: float, largest: float) -> str:
    """A value on an axis that goes to `largest`, in few characters: 9,500, 800k of 3M, 3.4M."""
    if not MANY <= largest < 1e15:
        return label(value)
    size, unit = next((size, unit) for size, unit in UNITS if abs(value) >= size or size == 1e3)
    return f"{value / size:.7g}{unit}" if value else "0"


def x_ticks(low: float, high: float, about: int) -> list[tuple[float, str]]:
    """Positions and labels along an axis from left to right, which often counts something."""
    largest = max(abs(low), abs(high))
    return [(value, short(value, largest)) for value in nice(low, high, about)]


def roughly(value: float) -> str:
    """A value with two digits."""
    return label(float(f"{value:.2g}"))


def axis_ticks(low: float, high: float, about: int, log: bool, look: Look) -> list[tuple[float, str]]:
    """Positions and labels along an axis; with `log`, the axis is in exponents of ten.

    A logarithmic axis that holds only few powers of ten has plain values as ticks.
    """
    if not log:
        return [(value, label(value)) for value in nice(low, high, about)]
    exponents = powers(low, high, about)
    if len(exponents) < min(ENOUGH, about) and low >= -300 and high <= 300:
        between = _between_powers(low, high, about)
        if len(between) > len(exponents):
            return [(math.log10(value), label(value)) for value in between]
    return [(float(exponent), power_label(exponent, look)) for exponent in exponents]


def _between_powers(low: float, high: float, about: int) -> list[float]:
    """Values on a logarithmic axis of few powers of ten: 1, 2, 5, … if enough of them lie on it."""
    decades = range(math.floor(low), math.ceil(high) + 1)
    found = []
    for factors in MANTISSAS:
        values = [factor * 10.0**decade for decade in decades for factor in factors]
        shown = [value for value in values if low <= math.log10(value) <= high]
        if len(shown) <= max(about, 2):
            found.append(shown)
            if len(shown) >= ENOUGH:
                return shown
    plain = [value for value in nice(10**low, 10**high, about) if value > 0]
    return max([*found, plain], key=len) or [10 ** ((low + high) / 2)]
