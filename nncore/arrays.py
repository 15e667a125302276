"""The one array type of the mathematics: float64, with replica axes in front; and how large ones are cut."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

STACK_BYTES = 64 * 2**20
"""What is computed at once takes at most so many bytes."""

SLICE_WORK = 2**28
"""What is computed at once takes at most so many multiply-adds: some hundredths of a second."""


def chunks(count: int, bytes_each: int, work_each: int = 0) -> list[slice]:
    """Slices that cover 0 … count − 1, each of as many as STACK_BYTES and SLICE_WORK allow, at least one."""
    length = max(1, min(STACK_BYTES // max(1, bytes_each), SLICE_WORK // max(1, work_each)))
    return [slice(first, min(first + length, count)) for first in range(0, count, length)]


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """Numbers in order, each once; np.unique would load masked arrays, which takes long."""
    ordered = np.sort(values, axis=None)
    return ordered[np.append(True, np.diff(ordered) > 0)] if ordered.size else ordered
