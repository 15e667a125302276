"""Which points of a series a chart needs: no more than its cells can show."""

from __future__ import annotations

import numpy as np

from nncore.arrays import distinct


def bins(share: np.ndarray, count: int) -> np.ndarray:
    """Which of `count` equal bins of [0, 1] each share falls into; beyond it the count goes on."""
    return (np.floor(share * count) - (share == 1)).astype(int)


def envelope(x: np.ndarray, y: np.ndarray, columns: int) -> list[np.ndarray]:
    """Indices of the lowest and highest point of each column, in order, one array an unbroken stretch.

    `x` rises from 0 to 1 over `columns` columns; points outside or not finite are left out, and where such a
    gap is wider than a column, a new stretch begins.
    """
    shown = np.isfinite(x) & np.isfinite(y) & (x >= 0) & (x <= 1)
    index = np.flatnonzero(shown)
    if index.size == 0:
        return []
    column = bins(x[index], columns)
    order = np.lexsort((y[index], column))
    edges = np.flatnonzero(np.diff(column[order]))
    lowest, highest = np.append(0, edges + 1), np.append(edges, index.size - 1)
    kept = distinct(order[np.concatenate((lowest, highest))])
    missing = np.cumsum(~shown)[index[kept]]
    breaks = (np.diff(missing) > 0) & (np.abs(np.diff(column[kept])) > 1)
    return np.split(index[kept], np.flatnonzero(breaks) + 1)


def one_per_cell(x: np.ndarray, y: np.ndarray, columns: int, rows: int) -> np.ndarray:
    """Indices of the first point in each cell of the unit square, without those outside or not finite."""
    index = np.flatnonzero((x >= 0) & (x <= 1) & (y >= 0) & (y <= 1))
    cell = bins(x[index], columns) * rows + bins(y[index], rows)
    first = np.full(columns * rows, -1)
    first[cell[::-1]] = index[::-1]
    return np.sort(first[first >= 0])


def every_so_many(count: int, room: int) -> list[int]:
    """Which of `count` things in a row are shown in `room` places: all, or every so many and the last."""
    every = next(step for step in range(1, count + 1) if -(-(count - 1) // step) + 1 <= max(room, 2))
    return sorted({*range(0, count, every), count - 1})
