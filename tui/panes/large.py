"""Where panes stand in front of a class: the guide's words over two of them at most."""

from __future__ import annotations

from collections.abc import Sequence

from tui.panes.layout import BAND, GUIDE, LEAST, Box, Layout, PaneId, Region

MOST = 2
"""Panes beside the guide's box at most."""
SHARE = 0.4
"""Of the room, for the box at most, unless its page is longer."""


def arrange_large(
    room: Region,
    kinds: Sequence[str],
    shared: frozenset[str],
    lanes: int,
    front: int,
    focused: PaneId | None,
    box: Box | None = None,
    zoomed: bool = False,
) -> Layout:
    """The guide's box over the page of panes that holds the one in focus, or the lane in front; as `arrange` has it.

    A page is one pane or two: a kind of pane of two lanes, or two kinds where there is one lane.
    """
    others = [kind for kind in kinds if box is None or kind != GUIDE.kind]
    height = _box_height(room, box) if box else 0
    if box and (not others or room.height - height < LEAST[1] or (zoomed and focused == GUIDE)):
        return {GUIDE: room}
    rest = Region(room.x, room.y + height, room.width, room.height - height)
    pages = list(_pages(others, shared, lanes))
    page = next((page for page in pages if focused in page), _of_lane(pages, front))
    shown = [focused] if zoomed and focused in page else page
    regions = dict(zip(shown, _cut(rest, len(shown)), strict=True))
    return {**({GUIDE: room._replace(height=height)} if box else {}), **regions}


def _box_height(room: Region, box: Box) -> int:
    """The lines of the guide's box: a share of the room, where its page is set apart, more where that is longer."""
    wanted, fewest = (max(lines(room.width - 2) + 2, BAND) for lines in (box.lines, box.fewest))
    return max(min(wanted, int(room.height * SHARE)), min(fewest, room.height))


def _pages(kinds: Sequence[str], shared: frozenset[str], lanes: int) -> list[list[PaneId]]:
    """The panes two by two: those of a kind together, then single ones as they come."""
    pages: list[list[PaneId]] = []
    single: list[PaneId] | None = None
    for kind in kinds:
        panes = [PaneId(kind, None)] if kind in shared else [PaneId(kind, lane) for lane in range(lanes)]
        cut = [panes[at : at + MOST] for at in range(0, len(panes), MOST)]
        if len(cut[-1]) < MOST and single is not None:
            single += cut.pop()
            single = None
        elif len(cut[-1]) < MOST:
            single = cut[-1]
        pages += cut
    return pages


def _of_lane(pages: list[list[PaneId]], front: int) -> list[PaneId]:
    """The first page with the lane in front, or with all lanes in one pane."""
    return next((page for page in pages if any(pane.lane in (None, front) for pane in page)), pages[0])


def _cut(room: Region, count: int) -> list[Region]:
    """The room for one pane or two: beside each other, or one over the other where that shows larger squares."""
    if count == 1:
        return [room]
    half, lower = room.width // 2, room.height - room.height // 2
    if min(half - 2, 2 * (room.height - 2)) >= min(room.width - 2, 2 * (room.height // 2 - 2)):
        return [room._replace(width=half), Region(room.x + half, room.y, room.width - half, room.height)]
    return [room._replace(height=lower), Region(room.x, room.y + lower, room.width, room.height - lower)]
