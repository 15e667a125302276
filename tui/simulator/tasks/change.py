"""What a learner changes: settings and parameters, in place or on a branch; which lanes there are; and undo."""

from __future__ import annotations

import math

from nncore.parameters import parameter_symbol
from scenarios.errors import quoted
from scenarios.file.schema import MAX_LANES
from tui.dialogs.field import Field
from tui.keymap.own_keys import keyed
from tui.render.cells import Line
from tui.render.numbers import num
from tui.session.actions import (
    Branch,
    Close,
    EditSettings,
    Keys,
    NewSeed,
    Rename,
    Reopen,
    SetParameter,
    Undo,
    checked_label,
    do,
    in_past,
)
from tui.session.snapshot import Action
from tui.simulator.screen import SimulatorScreen
from tui.simulator.task import ask, run

NARROW = 16  # characters of a label that a column of the table has room for on a small screen
MOST_WIDE = 96  # columns that a wide dialog has for text
LARGEST = 1e100
"""Beyond it a parameter is taken for a slip of the fingers."""


async def edit(screen: SimulatorScreen) -> None:
    """Change a lane's settings, or the parameter that is selected, from here on."""
    index = screen.panes.selected_parameter
    if index is not None:
        await _set_parameter(screen, index)
        return
    number, step = screen.panes.front, screen.session.cursor.step
    which = Field("lanes", "this", "this, or all", words=("this", "all"))
    wanted = await _settings(screen, f"edit {screen.label} after step {step}", which)
    if wanted is None:
        return
    numbers, keys, words = wanted
    if not words:
        screen.say("nothing was changed")
        return
    note = f"{words} after step {step}"
    branching = Branch(number, f"{screen.label}, {words}", keys)
    await _cut_or_branch(screen, EditSettings(numbers, keys, note), numbers, note, branching)


async def branch(screen: SimulatorScreen) -> None:
    """Copy the lane in front at the cursor, with one thing changed."""
    if not await _room_for_one(screen):
        return
    step = screen.session.cursor.step
    wanted = await _settings(screen, f"branch of {screen.label} after step {step}: change one thing")
    if wanted is not None:
        _, keys, words = wanted
        label = f"{screen.label}, {words}" if words else f"{screen.label} from {step}"
        await branch_off(screen, Branch(screen.panes.front, label, keys or None))


async def _settings(screen: SimulatorScreen, title: str, *more: Field) -> tuple[tuple[int, ...], Keys, str] | None:
    """Ask for other settings: the lanes they are for, the keys that change, and the change in words."""
    from tui.dialogs.form import Form
    from tui.simulator.settings_form import edit_fields, read_edit

    session, number = screen.session, screen.panes.front

    def accept(values: dict[str, str]) -> tuple[tuple[int, ...], Keys, str]:
        which = values.pop("lanes", "this")
        if which not in ("this", "all"):
            raise ValueError(f"lanes: found {which!r}; allowed: this, all")
        others = range(len(session.lane_runs)) if which == "all" else ()
        keys, words = read_edit(session, [number, *others], values)
        return tuple(sorted({number, *others})), keys, words

    fields = [*edit_fields(session.lane_runs[number], session.cursor.step), *more]
    return await ask(Form(title, fields, accept))


async def _set_parameter(screen: SimulatorScreen, index: int) -> None:
    from tui.dialogs.form import Form

    number, step = screen.panes.front, screen.session.cursor.step
    lane_run = screen.session.lane_runs[number]
    name = parameter_symbol(lane_run.lane.model, index)
    now = float(lane_run.timeline.state_at(step).theta[index])

    def accept(values: dict[str, str]) -> float:
        return _number(values["value"])

    value = await ask(Form(f"{lane_run.lane.label}: {name} after step {step}", [Field("value", repr(now))], accept))
    if value is not None:
        note = f"{name} = {num(value)} after step {step}"
        branching = Branch(number, f"{lane_run.lane.label} from {step}", assign=(index, value))
        await _cut_or_branch(screen, SetParameter(number, index, value, note), (number,), note, branching)


def _number(text: str) -> float:
    """A parameter's value in a text; raises ValueError."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) <= LARGEST:
        raise ValueError(f"found {quoted(text)}; allowed: a finite number")
    return value


async def _cut_or_branch(
    screen: SimulatorScreen, action: Action, numbers: tuple[int, ...], note: str, branching: Branch
) -> None:
    """Change lanes; where they were trained beyond the cursor, ask what becomes of their future."""
    from tui.dialogs.menu import Menu

    answer: str | None = "c"
    if in_past(screen.session, numbers):
        answers = {"c": "cut the future: train on from here (undo brings it back)"}
        if len(numbers) == 1 and len(screen.session.lane_runs) < MAX_LANES:
            answers = {"b": "branch: keep this lane, change a copy of it"} | answers
        answer = await ask(Menu(f"This lane was trained beyond step {screen.session.cursor.step}.", answers))
    if answer == "c":
        await screen.do(action, note)
    elif answer == "b":
        await branch_off(screen, branching)


async def branch_off(screen: SimulatorScreen, branching: Branch) -> None:
    """Branch a lane, making room for it, and put the branch in front."""
    if await _room_for_one(screen):
        await _recall_closed(screen)
        await screen.finish(do.slices(screen.session, branching), f"branching off {branching.label}…")
        _last_to_front(screen, "branch {}")


def _last_to_front(screen: SimulatorScreen, note: str) -> None:
    """Put the lane that came last in front; its name stands in the note."""
    screen.panes.front = len(screen.session.lane_runs) - 1
    screen.changed(note.format(screen.label) + keyed("   ({undo} undoes it)"))


async def _room_for_one(screen: SimulatorScreen) -> bool:
    """Whether there is room for another lane, if need be after one was closed for it."""
    from tui.dialogs.menu import Menu

    session, front = screen.session, screen.panes.front
    if len(session.lane_runs) < MAX_LANES:
        return True
    labels = {str(number + 1): lane_run.lane.label for number, lane_run in enumerate(session.lane_runs)}
    answer = await ask(Menu(f"There are {MAX_LANES} lanes. Which one is closed for the branch?", labels))
    if answer is None:
        return False
    screen.panes.front = front - (front >= int(answer))
    await screen.do(Close(int(answer) - 1), f"closed {labels[answer]}")
    return True


async def take_back(screen: SimulatorScreen) -> None:
    """Undo the last change; of a run that was opened what was done before, too."""
    if not screen.session.undoable:
        await _recall(screen)
    note = screen.session.undoable
    if note:
        await screen.finish(do.slices(screen.session, Undo()), f"undoing {note}…")
    elif screen.former:
        screen.show_session(*screen.former.pop())
        note = "the scenario is as it was before"
    screen.changed(f"undone: {note}" if note else "nothing to undo")


async def _recall(screen: SimulatorScreen) -> None:
    """Find out what was done in this run before it was opened from a file, if that is not known yet."""
    if not screen.session.recalled:
        from tui.lesson.recording import recall

        await run(recall(screen.session))


async def _recall_closed(screen: SimulatorScreen) -> None:
    """Find out which lanes were closed, as those are offered, and keep their names."""
    if any(isinstance(action, Close) for action in screen.session.journal):
        await _recall(screen)


async def new_seed(screen: SimulatorScreen) -> None:
    """Start again with the next seed."""
    seed = screen.session.seed + 1
    await screen.finish(do.slices(screen.session, NewSeed()), f"seed {seed}…")
    screen.changed(f"seed {screen.session.seed}" + keyed("; {undo} brings the other run back"))


async def lanes(screen: SimulatorScreen) -> None:
    """Rename, close, compare lanes, and bring closed ones back."""
    from tui.dialogs.menu import Menu

    await _recall_closed(screen)
    session, front = screen.session, screen.panes.front
    answers = {"r": "rename it", "c": "close it"}
    for number, lane_run in enumerate(session.lane_runs):
        if number != front:
            answers[str(number + 1)] = f"what differs between it and {lane_run.lane.label}, and what came of it"
    back = dict(zip("bdef", reversed(range(len(session.closed))), strict=False))
    answers |= {key: f"bring {session.closed[number].lane.label} back" for key, number in back.items()}
    match await ask(Menu(f"Lane {front + 1}: {screen.label}", answers, _tree(screen))):
        case None:
            pass
        case "r":
            await _rename(screen)
        case "c":
            await _close(screen)
        case key if key in back:
            if await _room_for_one(screen):
                await screen.finish(do.slices(session, Reopen(back[key])), "bringing it back…")
                _last_to_front(screen, "{} is back")
        case key:
            await _compare(screen, int(key) - 1)


def _tree(screen: SimulatorScreen) -> list[Line]:
    """Which lane was branched from which and where, with those that were closed, as wide as a dialog has room."""
    from tui.panes.tree import draw_tree

    session, width = screen.session, min(MOST_WIDE, round(0.96 * screen.size.width) - 4)
    last = max(session.reached, 1)
    return draw_tree(session.lane_runs, session.closed, session.cursor.step, last, width, screen.look)


async def _rename(screen: SimulatorScreen) -> None:
    from tui.dialogs.form import Form

    fields = [Field("label", screen.label)]
    label = await ask(Form("rename the lane", fields, lambda values: checked_label(values["label"])))
    if label is not None:
        await screen.do(Rename(screen.panes.front, label), f"renamed to {label}")


async def _close(screen: SimulatorScreen) -> None:
    if len(screen.session.lane_runs) == 1:
        screen.say("the last lane stays", error=True)
    else:
        await screen.do(Close(screen.panes.front), f"closed {screen.label}")


async def _compare(screen: SimulatorScreen, other: int) -> None:
    from tui.dialogs.table import Table
    from tui.explain.comparison import compare

    frames = screen.frame().lanes
    first, second = frames[screen.panes.front], frames[other]
    names = [lane.label if len(lane.label) <= NARROW else lane.id for lane in (first.lane, second.lane)]
    await ask(Table("differences", [("", *names), *compare(first, second)]))
