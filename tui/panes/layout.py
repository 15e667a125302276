"""Where each pane stands: a pure function of the room, the lanes and the panes chosen."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

MINIMUM = (60, 20)
WIDE, TALL = 100, 30
LEAST = (18, 4)  # of a pane, so that something is seen inside its border
LESSON_WIDTH = (24, 44)
CHART_SHARE = 0.28
_PICTURES = ("function", "network", "landscape", "features")
_PICTURE_HEIGHT, _MATRIX_HEIGHT = 7, 4


class PaneId(NamedTuple):
    """A pane: its kind, and its lane unless it shows all of them."""

    kind: str
    lane: int | None


class Region(NamedTuple):
    """A rectangle of cells, the border included."""

    x: int
    y: int
    width: int
    height: int


Layout = dict[PaneId, Region]


def arrange(
    room: Region, kinds: Sequence[str], shared: frozenset[str], lanes: int, front: int, focused: PaneId | None
) -> Layout:
    """All lanes side by side where there is room for it, else pages of panes of the lane in front.

    `shared` are the kinds that show all lanes at once. Of several pages, the one with `focused` is shown.
    """
    if room.width >= WIDE and room.height >= TALL - 4:
        layout = _side_by_side(room, kinds, shared, lanes)
        if all(region.width >= LEAST[0] and region.height >= LEAST[1] for region in layout.values()):
            return layout
    return _page(room, [PaneId(kind, None if kind in shared else front) for kind in kinds], focused)


def headed(layout: Layout) -> set[PaneId]:
    """The topmost pane of each lane, which carries the lane's name."""
    first: dict[int, PaneId] = {}
    for pane, region in layout.items():
        if pane.lane is not None:
            best = first.get(pane.lane)
            if best is None or (region.y, region.x) < layout[best][1::-1]:
                first[pane.lane] = pane
    return set(first.values())


def pane_order(kinds: Sequence[str], shared: frozenset[str], lanes: int) -> list[PaneId]:
    """The panes in the order in which tab visits them: lane by lane, then those of all lanes."""
    own = [PaneId(kind, lane) for lane in range(lanes) for kind in kinds if kind not in shared]
    return own + [PaneId(kind, None) for kind in kinds if kind in shared]


def _side_by_side(room: Region, kinds: Sequence[str], shared: frozenset[str], lanes: int) -> Layout:
    layout: Layout = {}
    own = [kind for kind in kinds if kind not in shared]
    charts = [kind for kind in kinds if kind in shared and kind != "lesson"]
    x, y, width, height = room
    if "lesson" in kinds:
        share = width // (3 if lanes == 1 else 5)
        lesson = min(max(share, LESSON_WIDTH[0]), LESSON_WIDTH[1]) if own or charts else width
        layout[PaneId("lesson", None)] = Region(x + width - lesson, y, lesson, height)
        width -= lesson
    if charts:
        share = max(9, round(height * CHART_SHARE)) if own else height
        below = Region(x, y + height - share, width, share)
        for kind, region in zip(charts, _columns(below, len(charts)), strict=True):
            layout[PaneId(kind, None)] = region
        height -= share
    if own:
        for lane, column in enumerate(_columns(Region(x, y, width, height), lanes)):
            for kind, region in zip(own, _stack(column, own), strict=True):
                layout[PaneId(kind, lane)] = region
    return layout


def _columns(room: Region, count: int) -> list[Region]:
    """The room cut into columns of equal width, the last taking what is left."""
    edges = [room.x + room.width * i // count for i in range(count + 1)]
    return [Region(left, room.y, right - left, room.height) for left, right in pairwise(edges)]


def _stack(room: Region, kinds: Sequence[str]) -> list[Region]:
    """The room cut into rows, pictures higher than heat maps; in two columns where they would be too low."""
    weights = [_PICTURE_HEIGHT if kind in _PICTURES else _MATRIX_HEIGHT for kind in kinds]
    if sum(weights) > room.height and len(kinds) > 1 and room.width >= 48:
        half = (len(kinds) + 1) // 2
        left, right = _columns(room, 2)
        return _stack(left, kinds[:half]) + _stack(right, kinds[half:])
    regions, y, left_over, total = [], room.y, room.height, sum(weights)
    for weight in weights:
        height = round(left_over * weight / total)
        regions.append(Region(room.x, y, room.width, height))
        y, left_over, total = y + height, left_over - height, total - weight
    return regions


def page_size(room: Region) -> int:
    """How many panes fit on a page: two by two, or two one above the other."""
    return 4 if room.width >= 76 else 2


def _page(room: Region, panes: Sequence[PaneId], focused: PaneId | None) -> Layout:
    size = page_size(room)
    kinds = [pane.kind for pane in panes]
    page = kinds.index(focused.kind) // size if focused and focused.kind in kinds else 0
    shown = panes[page * size : (page + 1) * size]
    if len(shown) == 1:
        return {shown[0]: room}
    top, bottom = room.height - room.height // 2, room.height // 2
    rows = [Region(room.x, room.y, room.width, top), Region(room.x, room.y + top, room.width, bottom)]
    if len(shown) == 2 or size == 2:
        cells = _columns(room, 2) if size == 4 else rows
    elif len(shown) == 3:
        left, right = _columns(room, 2)
        cells = [left, Region(right.x, right.y, right.width, top)]
        cells.append(Region(right.x, right.y + top, right.width, bottom))
    else:
        cells = [cell for row in rows for cell in _columns(row, 2)]
    return dict(zip(shown, cells, strict=True))
