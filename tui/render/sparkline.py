"""A series of numbers in one line of text."""

from __future__ import annotations

import numpy as np

from nncore.arrays import Array
from tui.render.glyphs import ASCII, UNICODE


def sparkline(values: Array, ascii: bool = False) -> str:
    """One character a value, by height between the lowest and the highest; a space where it is not finite."""
    bars = (ASCII if ascii else UNICODE).levels
    finite = values[np.isfinite(values)]
    if not len(finite):
        return " " * len(values)
    low, high = float(finite.min()), float(finite.max())
    share = (values - low) / (high - low) if high > low else np.full(len(values), 0.5)
    return "".join(bars[min(int(part * len(bars)), len(bars) - 1)] if np.isfinite(part) else " " for part in share)
