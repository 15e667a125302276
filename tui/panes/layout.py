"""Where each pane stands: a pure function of the room, the lanes and the panes chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

MINIMUM = (60, 20)
WIDE, TALL = 100, 30
LEAST = (18, 4)  # of a pane, so that something is seen inside its border
LESSON_WIDTH = (24, 44)
CHART_SHARE = 0.28
_PICTURES = ("function", "network", "landscape", "features")
_PICTURE_HEIGHT, _MATRIX_HEIGHT = 7, 4
_IN_TWO = 48  # columns of a lane, from which on its panes may stand in two columns
_ROOMY = 6  # lines of a pane of which several stand one above the other
_LOW_CHART, _HIGHEST = 0.42, 9  # of the room, where there are few lines, and lines at most
_LEAST_PICTURE, _LEAST_CHART = 6, 5  # lines, below which there is no chart beside the pictures
_CRAMPED = 10  # lines of a pane, below which a lane that is spoken of alone is shown alone
_READING = 0.6  # of the room, for the lesson's text below pictures

BESIDE = 110  # columns, from which on the guide's box is a column of its own
SHORT = 25  # lines for panes, below which a question takes those of the charts: on a screen of 30
BOX_WIDTH = (32, 44, 64)  # of that column: narrow, wide, and where a page needs it
BAND = 5  # lines of the guide's band at least


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
Edge = Literal["top", "middle", "bottom"]
RoomFor = Literal["pictures", "charts", "both"]

GUIDE = PaneId("lesson", None)
"""The guide's box stands in the place of the lesson's text."""


@dataclass(frozen=True)
class Box:
    """What the guide's box asks of the layout.

    lines, fewest: how many its page takes at a width inside the border, whole, or as short as it may be.
    first: whether it is a question or a reply, which comes before charts where there are few lines.
    edge: where it stands as a band: under the header, between pictures and charts, or over the equation.
    alone: whether it speaks of the lane in front alone, whose pictures may have the room of all.
    spoken_of: the kinds of panes that it points at; those of lanes alone have the charts' lines where there are few.
    """

    lines: Callable[[int], int]
    fewest: Callable[[int], int]
    first: bool = False
    edge: Edge = "middle"
    alone: bool = False
    spoken_of: frozenset[str] = frozenset()


def arrange(
    room: Region,
    kinds: Sequence[str],
    shared: frozenset[str],
    lanes: int,
    front: int,
    focused: PaneId | None,
    box: Box | None = None,
    zoomed: bool = False,
) -> Layout:
    """All lanes side by side, everything at once where there is room for it, else pages of some kinds of panes.

    `shared` are the kinds that show all lanes at once. Of several pages, the one with `focused` is shown; `zoomed`
    it is alone. The guide's box is always whole, as long as the room holds it.
    """
    others = [kind for kind in kinds if box is None or kind != GUIDE.kind]
    if box is not None and (not others or (zoomed and focused == GUIDE)):
        return {GUIDE: room}
    if focused is None or focused.kind not in others:
        focused, zoomed = None, False
    wide = room.width >= WIDE and room.height >= TALL - 4

    def panes(rest: Region) -> Layout:
        if zoomed and focused:
            return {focused: rest}
        room_for = _has_the_room(box, shared) if box is not None and room.height < SHORT else "both"
        own = [PaneId(kind, front) for kind in others if kind not in shared]
        if box is not None and box.alone and len(own) > 1 and focused in own and rest.height < _CRAMPED * len(own):
            return _page(rest, own, focused)
        return _panes(rest, others, shared, lanes, front, focused, wide, room_for)

    if box is None:
        return panes(room)
    width = _box_width(room, box, lanes)
    if width:
        left = Region(room.x, room.y, room.width - width, room.height)
        return {**panes(left), GUIDE: Region(left.x + left.width, room.y, width, room.height)}
    heights = [max(lines(room.width - 2) + 2, BAND) for lines in (box.lines, box.fewest)]
    height = heights[room.height - heights[0] < _LEAST_PICTURE]
    if room.height - height < LEAST[1]:
        return {GUIDE: room}
    return _with_band(panes(Region(room.x, room.y, room.width, room.height - height)), room, height, box)


def _has_the_room(box: Box, shared: frozenset[str]) -> RoomFor:
    """Which panes have the lines where there are few: what the page speaks of, be it of lanes or of all."""
    if box.first or (box.spoken_of and not box.spoken_of & shared):
        return "pictures"
    return "charts" if box.spoken_of and box.spoken_of <= shared else "both"


def _box_width(room: Region, box: Box, lanes: int) -> int:
    """The columns of the guide's box beside the panes, 0 where it has to be a band."""
    narrow, wide, widest = BOX_WIDTH
    usual = min(max(room.width // (3 if lanes == 1 else 4), narrow), wide)
    most = min(widest, room.width - lanes * LEAST[0])
    widths = range(usual, most + 1, 2) if room.width >= BESIDE else ()
    return next((width for width in widths if box.lines(width - 2) + 2 <= room.height), 0)


def _with_band(layout: Layout, room: Region, height: int, box: Box) -> Layout:
    """The layout of a lower room, with a band between its lines that goes through no pane."""
    bottom = room.y + room.height - height
    charts = min((region.y for pane, region in layout.items() if pane.lane is None), default=bottom)
    at = {"top": room.y, "middle": charts, "bottom": bottom}[box.edge]
    through = any(region.y < at < region.y + region.height for region in layout.values())
    if through or (box.edge == "middle" and at == room.y):
        at = bottom
    moved = {
        pane: region._replace(y=region.y + height) if region.y >= at else region for pane, region in layout.items()
    }
    return {**moved, GUIDE: Region(room.x, at, room.width, height)}


def _panes(
    room: Region,
    kinds: Sequence[str],
    shared: frozenset[str],
    lanes: int,
    front: int,
    focused: PaneId | None,
    wide: bool,
    room_for: RoomFor,
) -> Layout:
    """The panes in their room; where that is for pictures, without charts, unless one of them is in focus."""
    own = [kind for kind in kinds if kind not in shared]
    if room_for == "pictures" and own and not (focused and focused.kind in shared):
        kinds = own
    if wide:
        layout = _side_by_side(room, kinds, shared, lanes)
        if all(region.width >= LEAST[0] and region.height >= LEAST[1] for region in layout.values()):
            return layout
    if lanes > 1 and own and room.width // lanes >= LEAST[0]:
        return _compared(room, own, [kind for kind in kinds if kind in shared], lanes, focused, room_for)
    return _page(room, [PaneId(kind, None if kind in shared else front) for kind in kinds], focused)


def _compared(
    room: Region, own: Sequence[str], shared: Sequence[str], lanes: int, focused: PaneId | None, room_for: RoomFor
) -> Layout:
    """The same pictures of all lanes side by side over a chart: those in focus, else the first ones."""
    looked_at = focused.kind if focused else ""
    charts = [kind for kind in shared if kind != "lesson" or kind == looked_at]
    count = 2 if room.width >= WIDE and looked_at != "lesson" else 1
    at = charts.index(looked_at) // count if looked_at in charts else 0
    below = charts[at * count : (at + 1) * count]
    if room.height < _LEAST_PICTURE + _LEAST_CHART:
        if looked_at in below:
            return dict(zip((PaneId(kind, None) for kind in below), _columns(room, len(below)), strict=True))
        below = []
    much = "lesson" in below or room_for == "charts"
    wanted = room.height * _READING if much else min(room.height * _LOW_CHART, _HIGHEST)
    height = min(max(round(wanted), _LEAST_CHART), room.height - _LEAST_PICTURE) if below else 0
    top = Region(room.x, room.y, room.width, room.height - height)
    columns = _columns(Region(room.x, room.y + top.height, room.width, height), max(len(below), 1))
    layout = {PaneId(kind, None): region for kind, region in zip(below, columns, strict=False)}
    count = max(top.height // _ROOMY, 1) * (2 if room.width // lanes >= _IN_TWO else 1)
    at = own.index(looked_at) // count if looked_at in own else 0
    kinds = own[at * count : (at + 1) * count]
    for lane, lane_room in enumerate(_lane_rooms(top, lanes, len(kinds))):
        layout |= {PaneId(kind, lane): region for kind, region in zip(kinds, _stack(lane_room, kinds), strict=True)}
    return layout


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
        share = width // (3 if lanes == 1 else 4)
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
        for lane, column in enumerate(_lane_rooms(Region(x, y, width, height), lanes, len(own))):
            for kind, region in zip(own, _stack(column, own), strict=True):
                layout[PaneId(kind, lane)] = region
    return layout


def _columns(room: Region, count: int) -> list[Region]:
    """The room cut into columns of equal width, the last taking what is left."""
    edges = [room.x + room.width * i // count for i in range(count + 1)]
    return [Region(left, room.y, right - left, room.height) for left, right in pairwise(edges)]


def _rows(room: Region, count: int) -> list[Region]:
    """The room cut into rows of equal height, the first ones taking what is left."""
    edges = [room.y + -(-room.height * i // count) for i in range(count + 1)]
    return [Region(room.x, top, room.width, bottom - top) for top, bottom in pairwise(edges)]


def _lane_rooms(room: Region, lanes: int, panes: int) -> list[Region]:
    """The lanes beside one another, alike, four of them two by two where their panes show a larger square so."""

    def square(across: int, down: int) -> float:
        return min(room.width / across - 2, 2 * (room.height / down / panes - 2))

    across = 2 if lanes == 4 and square(2, 2) > square(4, 1) else lanes
    lines, columns = _alike(room.height, lanes // across), _alike(room.width, across)
    return [Region(room.x + x, room.y + y, width, height) for y, height in lines for x, width in columns]


def _alike(length: int, count: int) -> list[tuple[int, int]]:
    """Parts of equal length, as (start, length), so that pictures can be compared; what is left over lies between."""
    each, over = divmod(length, count)
    return [(part * each + min(part, over), each) for part in range(count)]


def _stack(room: Region, kinds: Sequence[str]) -> list[Region]:
    """The room cut into rows, pictures higher than heat maps; in two columns where they would be too low."""
    weights = [_PICTURE_HEIGHT if kind in _PICTURES else _MATRIX_HEIGHT for kind in kinds]
    if sum(weights) > room.height and len(kinds) > 1 and room.width >= _IN_TWO:
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
    """How many panes fit on a page: two by two, one beside two, or two."""
    if room.width < 76:
        return 2
    return 4 if room.height >= 14 else 3 if room.height >= 2 * LEAST[1] else 2


def _page(room: Region, panes: Sequence[PaneId], focused: PaneId | None) -> Layout:
    size = page_size(room)
    kinds = [pane.kind for pane in panes]
    page = kinds.index(focused.kind) // size if focused and focused.kind in kinds else 0
    shown = panes[page * size : (page + 1) * size]
    return dict(zip(shown, _page_cells(room, len(shown)), strict=True))


def _page_cells(room: Region, count: int) -> list[Region]:
    """The room cut for up to four panes: two beside each other where it is wide, three as one beside two."""
    if count == 1:
        return [room]
    if room.width < 76 and room.height >= 2 * LEAST[1]:
        return _rows(room, 2)
    if count == 4:
        return [cell for row in _rows(room, 2) for cell in _columns(row, 2)]
    left, right = _columns(room, 2)
    return [left, right] if count == 2 else [left, *_rows(right, 2)]
