"""Walks through a guide with the keys that each stage asks for, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from scenarios.guide import (
    CheckHolds,
    Did,
    Filled,
    LookedAt,
    OperationReached,
    PaneOpened,
    Ran,
    StepReached,
    Target,
    Until,
)
from tests.pilot import Driver
from tui.lesson.guide import Guide
from tui.lesson.guide_page import page_of
from tui.lesson.waiting import Since, fulfilled
from tui.panes.marks import KINDS
from tui.panes.registry import PANES

MOST_KEYS = 400
"""How many times a key is pressed, at most, for what a stage waits for."""

MOST_PAGES = 60
"""How many pages a guide may have, replies and visits to the same stage counted."""

CHANGES = {"edit": "e", "assign": "e", "branch": "f", "new_seed": "R", "undo": "u"}


async def walk(driver: Driver, look: Callable[[Driver], Awaitable[None]]) -> list[str]:
    """Go to the last stage of a guide, looking at every page on the way; the titles of the stages that were open."""
    titles: list[str] = []
    for _ in range(MOST_PAGES):
        await driver.settled()
        guide = driver.simulator.guide
        await driver.until(lambda: not driver.simulator.guide.due())
        if titles[-1:] != [guide.stage.title]:
            titles.append(guide.stage.title)
        await look(driver)
        if guide.finished and guide.reply is None:
            return titles
        await _obey(driver, guide)
    raise AssertionError(f"the guide does not come to its end: {titles}")


async def _obey(driver: Driver, guide: Guide) -> None:
    """Do what the open page asks for."""
    if guide.reply is not None:
        await driver.press("pagedown")
    elif guide.asking:
        await _answer(driver, guide)
    elif guide.done:
        await driver.press("pagedown")
    elif guide.stage.at is not None and driver.session.cursor.step < guide.stage.at:
        await _do(driver, guide, StepReached(guide.stage.at))
    else:
        assert guide.stage.until is not None
        await driver.press(*re.findall(r"[Pp]ress ([1-4]) for ", page_of(guide).say))
        await _do(driver, guide, guide.stage.until)


async def _answer(driver: Driver, guide: Guide) -> None:
    """Give the first answer there is, and no reason."""
    why, question = guide.stage.why, guide.stage.question
    assert question is not None
    await driver.press("y")
    await driver.until(lambda: driver.dialog in ("Choose", "Type"))
    await driver.press("1", "enter")
    if why:
        await driver.until(lambda: driver.dialog == "Type")
        await driver.press("escape")
    await driver.until(lambda: not driver.dialog)


async def _do(driver: Driver, guide: Guide, until: Until) -> None:
    """What a stage waits for, by its keys."""
    number = guide.number
    match until:
        case StepReached(step) if step - driver.cursor[0] <= 10:
            await driver.press(*["n"] * (step - driver.cursor[0]))
        case StepReached() | CheckHolds():
            await driver.press(*["plus"] * 20, "space")
        case OperationReached():
            await _press_until(driver, ["s"] * MOST_KEYS, lambda: guide.number != number or guide.done)
        case Did(action):
            await _change(driver, action)
        case LookedAt(how, target):
            await _select(driver, target)
            if how == "inspected":
                await driver.press("i")
                await driver.until(lambda: driver.dialog)
                await driver.press("escape")
                await driver.until(lambda: not driver.dialog)
            await driver.press("escape")
        case PaneOpened(pane):
            await driver.press("m", *["down"] * list(PANES).index(pane), "space", "enter")
        case Filled():
            await _fill_in(driver)
        case Ran("seeds"):
            await driver.press("S")
            await driver.until(lambda: driver.dialog == "Seeds" and "esc closes" in driver.text)
            await driver.press("escape")
        case Ran(_, count):
            await driver.press(*["T"] * count)
    await driver.until(lambda: not driver.dialog)
    await driver.settled()


async def _press_until(driver: Driver, keys: list[str], done: Callable[[], bool]) -> None:
    for key in keys:
        if done():
            return
        await driver.press(key)
    assert done(), "what the stage waits for did not come"


async def _change(driver: Driver, action: str) -> None:
    """A change of the run: a form is taken as it stands but for its first field."""
    await driver.press(CHANGES[action])
    if action in ("edit", "branch", "assign"):
        await driver.until(lambda: driver.dialog == "Form")
        await driver.type("0.123")
        await driver.press("enter")


async def _select(driver: Driver, target: Target) -> None:
    """Into the pane that shows a target, and along its cells until it is selected."""
    so_far = len(driver.session.journal)
    kind = target.name if target.name in PANES else KINDS.get(target.name, "network")
    panes = driver.simulator.panes
    ids = [lane_run.lane.id for lane_run in driver.session.lane_runs]

    def there() -> bool:
        pane = panes.focused_pane
        return pane is not None and pane.kind == kind and target.lane in (None, ids[pane.lane or 0])

    def selected() -> bool:
        since = Since(driver.session.cursor, driver.session.journal[so_far:])
        return bool(fulfilled(LookedAt("selected", target), driver.session, 0, since))

    if target.lane is not None:
        await driver.press(str(ids.index(target.lane) + 1))
    await _press_until(driver, ["tab"] * 40, there)
    await driver.press("enter")
    rows = 1 + max(target.index, default=0)
    column = [*["down"] * rows, *["up"] * rows]
    keys = [key for across in ["left"] * 20 + ["right"] * 40 for key in (*column, across)]
    await _press_until(driver, keys, selected)


async def _fill_in(driver: Driver) -> None:
    """Fill an operation in, each number after all its hints."""
    await driver.press("Y")
    await driver.until(lambda: driver.dialog == "FillInStep")
    for _ in range(MOST_KEYS):
        if not driver.dialog:
            return
        await driver.press("enter" if driver.app.screen.fill_in.complete else "question_mark")
    raise AssertionError("the sheet did not end")
