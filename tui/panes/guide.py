"""The guide's box: one page of it, whole, in any room that the layout gives it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from textwrap import wrap

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from scenarios.guide import LINES
from tui.keymap.own_keys import keyed
from tui.panes.layout import Box, Edge
from tui.panes.marks import pane_of
from tui.panes.pane import CORNERS, Drawing, View
from tui.render.cells import Line, fit, ink
from tui.render.palette import Look
from tui.render.plain import spelled
from tui.session.frame import GuideView

GO_ON = "{next_stage} goes on"
TELLS = "{next_stage} tells what came of your answer"
YOURS = " · yours"
LARGE_WIDTH, LARGE_MARGIN = 96, 1
"""Of a row that is read from afar, and beside it."""
FOOTED = 60
"""Columns, below which what is waited for stands in the text on every page, and in the border on none."""

Row = tuple[str, Style]
Part = list[Row]


def draw_guide(guide: GuideView, view: View) -> Drawing:
    """The page in the view's room: title and progress in the border where they fit, else in the box."""
    if view.options.large:
        return _draw_large(guide, view)
    return _framed(guide, view, _fitting(_ways(guide, view.width, view.look), view.height))


def _fitting(ways: Iterator[Part], height: int) -> Part:
    """The first of several ways that has room, else the last."""
    way: Part = []
    for way in ways:
        if len(way) <= height:
            break
    return way


def _framed(guide: GuideView, view: View, rows: Part) -> Drawing:
    width, height, look = view.width, view.height, view.look
    if len(rows) > height:
        rows = [*rows[: height - 1], (look.glyphs.ellipsis, rows[-1][1])] if height else []
    rows += [("", ink())] * (height - len(rows))
    lines: list[Line] = [[Segment(fit(text, width, look.glyphs.ellipsis), style)] for text, style in rows]
    foot = (_foot(guide, look),) if _is_footed(guide, width, look) else ()
    return Drawing(lines, (_title(guide, look), ""), (*foot, _progress(guide, look), ""))


def _draw_large(guide: GuideView, view: View) -> Drawing:
    """The page in the middle of its room, in bold, in lines no longer than one reads from afar."""
    width = _measure(view.width)
    rows = _fitting(_large_ways(guide, width, view.look), view.height)
    above = max(view.height - len(rows), 0) // 2
    margin = " " * ((view.width - width) // 2)
    bold = [(margin + text, style + ink(bold=True)) for text, style in rows]
    return _framed(guide, view, [("", ink())] * above + bold)


def _measure(width: int) -> int:
    """How long large lines are in a box of that width."""
    return min(width - 2 * LARGE_MARGIN, LARGE_WIDTH)


def _large_ways(guide: GuideView, width: int, look: Look) -> Iterator[Part]:
    """The page's rows, from every row apart to close."""
    between, parts = ("", ink()), list(filter(None, _parts(guide, width, look)))
    apart = [[row for one in part for row in (one, between)] for part in parts]
    yield [row for part in apart for row in (*part, between)][:-2]
    yield from _ways(guide, width, look)


def large_box(guide: GuideView, look: Look, front: str) -> Box:
    """What the page asks of the layout where it is large: set apart, or as close as it may be."""

    def lines(width: int) -> int:
        return len(next(_large_ways(guide, _measure(width), look)))

    def fewest(width: int) -> int:
        return lines_needed(guide, _measure(width), look, brief=False)

    return replace(box(guide, look, front), lines=lines, fewest=fewest)


def box(guide: GuideView, look: Look, front: str) -> Box:
    """What the page asks of the layout, where that lane is in front."""
    first = guide.targets[0].name if guide.targets else ""
    edge: Edge = "top" if first == "header" else "bottom" if first in ("equation", "timeline") else "middle"
    lines, fewest = (partial(lines_needed, guide, look=look, brief=brief) for brief in (False, True))
    alone = {target.lane for target in guide.targets} == {front}
    spoken_of = frozenset(pane_of(target) for target in guide.targets if target.name not in LINES)
    return Box(lines, fewest, bool(guide.choices or guide.asking), edge, alone, spoken_of)


def lines_needed(guide: GuideView, width: int, look: Look, brief: bool) -> int:
    """How many lines of that width the page takes, besides the border."""
    return len(_joined(_parts(guide, width, look, brief and not guide.asking), apart=False))


def _ways(guide: GuideView, width: int, look: Look) -> Iterator[Part]:
    """The page's rows, from airy to close; of a reply at last only what it says, your answer and the right one."""
    parts = _parts(guide, width, look)
    yield _joined(parts, apart=True)
    yield _joined(parts, apart=False)
    yield _joined(_parts(guide, width, look, brief=not guide.asking), apart=False)


def _joined(parts: list[Part], apart: bool) -> Part:
    rows: Part = []
    for part in filter(None, parts):
        rows += ([("", ink())] if rows and apart else []) + part
    return rows


def _parts(guide: GuideView, width: int, look: Look, brief: bool = False) -> list[Part]:
    """Title and foot where the border has no room for them, what is asked or said, choices, hint."""
    palette, room = look.palette, width - CORNERS
    strong = ink(palette.accent, bold=True)
    title, waits = _title(guide, look), _waits(guide, look)
    titled = cell_len(title) > room
    return [
        _wrapped(title, width, strong, look) if titled else [],
        [] if brief else _wrapped(guide.ask, width, ink(palette.text, bold=True), look),
        _choices(guide, width, look, brief),
        _wrapped(guide.say, width, ink(palette.text), look),
        _wrapped(f"hint: {guide.hint}" if guide.hint else "", width, ink(palette.accent), look),
        _wrapped(waits, width, ink(palette.good if guide.met else palette.muted), look)
        if not _is_footed(guide, width, look)
        else [],
    ]


def _choices(guide: GuideView, width: int, look: Look, brief: bool) -> Part:
    """The answers, one a line; once answered, yours is named, and the right one and a wrong one are marked."""
    rows: Part = []
    for number, choice in enumerate(guide.choices):
        mark, color, told = _verdict(guide, number, look)
        if brief and not told:
            continue
        text = f"{mark} {number + 1} {choice}{YOURS if number == guide.chosen else ''}"
        rows += _wrapped(text, width, ink(color, bold=told), look, hang=4)
    return rows


def _verdict(guide: GuideView, number: int, look: Look) -> tuple[str, str | None, bool]:
    """Mark and colour of an answer, and whether it is yours or the right one."""
    palette = look.palette
    if number == guide.right:
        return "v" if look.ascii else "✓", palette.good, True
    if number == guide.chosen:
        wrong = guide.right is not None
        return ("x" if look.ascii else "✗") if wrong else look.glyphs.low_class, palette.bad if wrong else None, True
    return " ", palette.text, False


def _title(guide: GuideView, look: Look) -> str:
    return f"{look.glyphs.pointing} {guide.title}" if guide.targets else guide.title


def _waits(guide: GuideView, look: Look) -> str:
    """What is waited for; where nothing is, what the key for the next page does."""
    if guide.waits or guide.after:
        return f"waiting: {guide.waits}" if guide.waits else guide.after
    done = f"{'v' if look.ascii else '✓'} done · " if guide.met else ""
    return done + keyed(TELLS if guide.tells else GO_ON)


def _foot(guide: GuideView, look: Look) -> str:
    return f"{_progress(guide, look)} · {_waits(guide, look)}"


def _is_footed(guide: GuideView, width: int, look: Look) -> bool:
    """Whether what is waited for stands in the border of a box so wide."""
    return width >= FOOTED and cell_len(_foot(guide, look)) <= width - CORNERS


def _progress(guide: GuideView, look: Look) -> str:
    """A mark for each stage, done, here or to come, and its number: ●●◉○○○○ 3/7."""
    done, here, to_come = ("#", "@", ".") if look.ascii else ("●", "◉", "○")
    marks = (
        here if number == guide.number else done if is_done else to_come for number, is_done in enumerate(guide.done, 1)
    )
    return f"{''.join(marks)} {guide.number}/{len(guide.done)}"


def _wrapped(text: str, width: int, style: Style, look: Look, hang: int = 0) -> Part:
    words = spelled(text) if look.ascii else text
    rows = wrap(words, max(width, 8), initial_indent="", subsequent_indent=" " * hang, drop_whitespace=True)
    return [(row, style) for row in rows]
