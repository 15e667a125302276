"""Every lesson's guide is walked to its last stage by doing what its stages ask for, and each page is whole.

At every size, and without colour and Unicode at the smallest, what is said stands whole in the guide's box, and what
is pointed at is in view and marked. The app shows all at the smallest size, and two lessons at all; for the others
the larger sizes are laid out and drawn without it.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import pytest

from scenarios.file.loader import library_files, load
from scenarios.guide import LINES, Target
from scenarios.runs.seed_fan import seed_fan
from tests.pilot import Driver, drive
from tests.tui.lesson.walker import walk
from tui.lesson.guide_page import page_of
from tui.panes.guide import box, draw_guide
from tui.panes.layout import GUIDE, Layout, Region, arrange
from tui.panes.marks import KINDS, line_mark, pane_of, pointed
from tui.panes.pane import CORNERS
from tui.panes.registry import PANES, SHARED
from tui.render.cells import longest
from tui.render.palette import Look
from tui.render.plain import plain, spelled
from tui.session.frame import Frame, GuideView
from tui.simulator.screen import BARS

SIZES = [(80, 24), (100, 30), (120, 40), (200, 60)]
GUIDED = [file.stem for file in library_files() if "[[guide]]" in file.read_text(encoding="utf-8")]
ROUNDS = 200
PLAIN_ONES = 10
"""Every so many lessons are walked without colour and Unicode, too."""
RESIZED = ("by-hand", "disc-depth")
"""The lessons of which the app shows every page at every size."""
_FRAME = re.compile(r"[\s│╭╮╰╯─|+\-]")


def bare(text: str) -> str:
    """Text without blanks, hyphens and frames, as it may be broken anywhere."""
    return _FRAME.sub("", text)


def area(driver: Driver, region) -> str:
    lines = [strip.text for strip in driver.simulator._compositor.render_strips()]
    return "\n".join(line[region.x : region.right] for line in lines[region.y : region.bottom])


def faults(driver: Driver) -> list[str]:
    """What of the page is not in view, or not marked."""
    page, panes, look = page_of(driver.simulator.guide), driver.simulator.panes, driver.simulator.look
    box = panes.lesson
    if box is None:
        return ["there is no box"]
    shown = plain(area(driver, box.region)) if look.ascii else area(driver, box.region)
    unmarked = [f"{target} is not marked" for target in page.targets if not marked(driver, target, look)]
    return missing(page, shown, look) + unmarked


def missing(page: GuideView, shown: str, look: Look) -> list[str]:
    """What of a page is not in a text."""
    reply = page.right is not None and not page.asking
    parts = [page.title, page.say, *([] if reply else [page.ask]), *([] if reply else page.choices)]
    return [part for part in parts if not any(bare(way) in bare(shown) for way in ways(part, look))]


def faults_at(driver: Driver, width: int, height: int) -> list[str]:
    """What of the page would not be in view at a size, or not marked, from the layout and the drawing alone."""
    simulator, frame = driver.simulator, driver.simulator.frame()
    page, panes, look = page_of(simulator.guide), simulator.panes, simulator.look
    shown = (
        panes.kinds,
        SHARED,
        len(frame.lanes),
        panes.front,
        panes.focused_pane,
        box(page, look, frame.lane.lane.id),
        panes.zoomed,
    )
    regions = arrange(Region(0, 0, width, height - BARS), *shown)
    if GUIDE not in regions:
        return ["there is no box"]
    room = regions[GUIDE]
    drawing = draw_guide(page, replace(panes.lesson.view, width=room.width - 2, height=room.height - 2))
    titles = longest(room.width - CORNERS, *drawing.titles)
    text = "".join([titles, *(segment.text for line in drawing.lines for segment in line)])
    unmarked = [f"{target} is not marked" for target in page.targets if not is_pointed(frame, target, regions, look)]
    return missing(page, text, look) + unmarked


def is_pointed(frame: Frame, target: Target, regions: Layout, look: Look) -> bool:
    """Whether a line, or a pane in view that shows a target, is to carry the mark."""
    if target.name in LINES:
        return line_mark(frame, target.name, look) != " "
    kind = pane_of(target)
    in_view = [frame.lane if pane.lane is None else frame.lanes[pane.lane] for pane in regions if pane.kind == kind]
    return any(pointed(frame, kind, lane) for lane in in_view)


def ways(text: str, look: Look) -> list[str]:
    """How a text may be written: in ASCII spelled out or sign by sign."""
    return [plain(spelled(text)), plain(text)] if look.ascii else [text]


def marked(driver: Driver, target: Target, look: Look) -> bool:
    """Whether a line or a pane that shows a target carries the mark."""
    if target.name in LINES:
        row = {"header": 0, "equation": -4, "timeline": -2}[target.name]
        return look.glyphs.pointing in [strip.text for strip in driver.simulator._compositor.render_strips()][row]
    kind = target.name if target.name in PANES else KINDS.get(target.name, "network")
    panes = driver.simulator.panes
    tops = [area(driver, panes.widgets[pane].region).partition("\n")[0] for pane in panes.regions if pane.kind == kind]
    return any(look.glyphs.pointing in top for top in tops)


def shorten_seeds(monkeypatch) -> None:
    """Let many seeds be two short runs without claims: what they tell is not looked at here."""

    def short(scenario, seeds, progress):
        return seed_fan(replace(scenario, steps=min(scenario.steps, 20)), seeds, progress)

    monkeypatch.setattr("tui.dialogs.seeds.SEEDS", 2)
    monkeypatch.setattr("tui.dialogs.seeds.seed_fan", short)
    monkeypatch.setattr("tui.dialogs.seeds.verify", lambda *_: [])


@pytest.mark.parametrize(
    ("name", "ascii"), [*((name, False) for name in GUIDED), *((name, True) for name in GUIDED[::PLAIN_ONES])]
)
def test_a_guide_is_walked_to_its_end_and_each_page_is_whole(name: str, ascii: bool, monkeypatch) -> None:
    shorten_seeds(monkeypatch)
    if ascii:
        monkeypatch.setenv("NO_COLOR", "1")
    found: list[str] = []
    resized = name in RESIZED

    async def at_all_sizes(driver: Driver) -> None:
        stage = driver.simulator.guide.number
        for width, height in SIZES[:1] if ascii or not resized else SIZES[::-1]:
            await driver.resize(width, height)
            await driver.settled()
            for _ in range(ROUNDS):  # panes that take long to draw follow a little later
                if not faults(driver):
                    break
                await driver.passed_on()
                await asyncio.sleep(0.01)
            found.extend(f"{width}x{height} stage {stage + 1}: {fault}" for fault in faults(driver))
        for width, height in () if ascii or resized else SIZES[1:]:
            found.extend(f"{width}x{height} stage {stage + 1}: {fault}" for fault in faults_at(driver, width, height))

    async def through(driver: Driver) -> None:
        titles = await walk(driver, at_all_sizes)
        assert titles == [stage.title for stage in driver.session.scenario.guide]

    drive(load(name), through, size=SIZES[0], ascii=ascii)
    assert found == []
