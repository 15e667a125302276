"""The lines that are always in view: where the cursor stands, and the equation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import wrap

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment

from tui.explain.equation import equation
from tui.explain.notation import operation_name, stopped_words
from tui.keymap.own_keys import keyed
from tui.panes.marks import line_mark
from tui.panes.timeline import happened
from tui.render.cells import Line, fit, fit_line, ink, longest
from tui.render.palette import Look
from tui.render.plain import spelled
from tui.session.frame import Frame

APART = 4  # cells between a line's words and those at its end
RESULT = re.compile(r"(?<=[0-9)]) = [^=]+$")  # of a sum, not the last of some values with their names


def header(frame: Frame, width: int, look: Look) -> Line:
    """Scenario, step, phase and operation of the lane in front, playing or paused, speed; a learner's own seed."""
    palette, lane = look.palette, frame.lane
    strong, plain = ink(palette.accent, bold=True), ink(palette.text)
    right = _playing(frame, look)
    if lane.operation is None:
        place = f"step 0 of {frame.scenario.steps}"
    else:
        step = frame.cursor.traced + 1
        count = f"{lane.index + 1}/{len(lane.operations)}"
        waits = ", waits" if lane.waiting else ""
        ways = (
            f" · {operation_name(lane.operation)} · op {count}{waits}",
            f" · op {count}{waits}",
            f" · op {count}",
            "",
        )
        start = f"step {step} {lane.operation.phase}"
        place = start + longest(width - len(right) - len(frame.scenario.name) - len(start) - 4, *ways)
    left = [Segment(f"{line_mark(frame, 'header', look)}{frame.scenario.name} ", strong)]
    room = width - len(right) - sum(segment.cell_length for segment in left) - 1
    title = f" {frame.scenario.title}" if width >= 110 else ""
    if frame.scenario.learner:
        title = f" seed {frame.seed} of {frame.scenario.learner}"
    if len(place) + len(title) + 3 > room:
        title = ""
    left.append(Segment(f" {place}", plain))
    left.append(Segment(f"  {title}", ink(palette.muted)))
    return [*fit_line(left, width - len(right), plain), Segment(right, strong)]


def _playing(frame: Frame, look: Look) -> str:
    player = frame.player
    speed = "flat out" if player.flat_out else f"{player.speed}/s"
    if frame.busy:
        return f" {frame.busy} "
    if not player.playing:
        return f" paused · {speed} "
    forward, back = (">", "<") if look.ascii else ("▶", "◀")
    return f" {forward if player.direction > 0 else back} {speed} "


def equation_lines(frame: Frame, explanation: str, width: int, look: Look, large: bool = False) -> list[Line]:
    """The operation's equation with its shapes; one entry in numbers, what is selected, or what stopped the run.

    Between two steps of a lesson that does not speak of it, only how to see it, nothing where the lesson is `large`. At
    the end of a line with room, what the marks mean that are on the strip below.
    """
    lines, strip = _equation(frame, explanation, width, look, large), happened(frame, look)
    for number in (1, 0):
        used = len("".join(segment.text for segment in lines[number]).rstrip())
        if strip and used + len(strip) + APART <= width:
            marks = Segment(f"{strip} ".rjust(width - used), ink(look.palette.muted))
            lines[number] = [*Segment.adjust_line_length(lines[number], used), marks]
            break
    return lines


def _equation(frame: Frame, explanation: str, width: int, look: Look, large: bool) -> list[Line]:
    palette, lane = look.palette, frame.lane
    pointed = line_mark(frame, "equation", look) != " "
    told = pointed or explanation or frame.hit or lane.stopped
    if frame.lesson.guide and frame.cursor.position is None and not told:
        place = f"after step {frame.cursor.step:,}" if frame.cursor.step else "before the first step"
        if large:
            return [[Segment(" " * width, ink())]] * 2
        into = f" {place}: " + keyed("{into} goes into the next one, operation by operation")
        how = longest(width - 1, f"{into}, with its numbers here", into, f" {place}")
        return [[Segment(fit(row, width, look.glyphs.ellipsis), ink(palette.muted))] for row in (how, "")]
    now = equation(lane)
    words = spelled if look.ascii else str
    first, shapes = f"{line_mark(frame, 'equation', look)}{words(now.formula)}", words(now.shapes)
    if shapes and len(first) + len(shapes) + 3 <= width:
        top = [Segment(first, ink(palette.accent)), Segment(f"   {shapes}", ink(palette.muted))]
    else:
        top = [Segment(_whole_parts(first, width, look.glyphs.ellipsis), ink(palette.accent))]
    stopped = stopped_words(lane.stopped) if lane.stopped else ""
    fewer = (words(equation(lane, most=most).example) for most in (2, 1)) if cell_len(now.example) >= width else ()
    second = explanation or frame.hit or stopped or longest(width - 1, now.example, *fewer)
    if lane.operation is None and frame.lesson.asked and not explanation:
        predict = second + keyed("   {predict}: predict")
        second = longest(width - 1, f"{predict}. {frame.lesson.asked}", predict, second)
    style = ink(palette.accent) if explanation or frame.hit else ink(palette.bad if lane.stopped else palette.text)
    return [
        fit_line(top, width, ink()),
        [
            Segment(
                fit(_with_result(f" {words(second)}", width, look.glyphs.ellipsis), width, look.glyphs.ellipsis), style
            )
        ],
    ]


def _whole_parts(formula: str, width: int, ellipsis: str) -> str:
    """A formula with as many of its parts, with commas between, as fit whole."""
    parts = formula.split(", ")
    more = f"{ellipsis} {keyed('({inspect}: all)')}"
    ways = (f"{', '.join(parts[:count])}, {more}" for count in range(len(parts) - 1, 0, -1))
    return fit(longest(width, formula, *ways), width, ellipsis)


@dataclass(frozen=True)
class Message:
    """What is said for some seconds: of what a key did, or why it could not."""

    text: str
    error: bool = False


def message_lines(message: Message, width: int, look: Look, most: int) -> list[Line]:
    """A message on as many lines as it takes, cut where those are too few; an error has a mark and its colour."""
    palette = look.palette
    text = " · ".join(line.strip() for line in message.text.splitlines() if line.strip())
    mark = ("x " if look.ascii else "✗ ") if message.error else ""
    rows = wrap(mark + (spelled(text) if look.ascii else text), max(width - 2, 8))
    if len(rows) > most:
        rows[most - 1 :] = [" ".join(rows[most - 1 :])]
    style = ink(palette.bad if message.error else palette.accent, bold=True)
    return [[Segment(fit(f" {row}", width, look.glyphs.ellipsis), style)] for row in rows]


def _with_result(text: str, width: int, ellipsis: str) -> str:
    """A sum that is too long, cut before its result, which stays."""
    result = RESULT.search(text)
    if result is None or cell_len(text) <= width:
        return text
    kept = width - cell_len(result.group()) - len(ellipsis)
    return set_cell_size(text, max(kept, 0)) + ellipsis + result.group()
