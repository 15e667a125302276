"""Every lesson's guide is walked to its last stage by doing what its stages ask for, and each page is whole.

At every size, and without colour and Unicode at the smallest, what is said stands whole in the guide's box, and what
is pointed at is in view and marked.
"""

from __future__ import annotations

import re

import pytest

from scenarios.file.loader import library_files, load
from scenarios.guide import LINES, Target
from tests.pilot import Driver, drive
from tests.tui.lesson.walker import walk
from tui.lesson.guide_page import page_of
from tui.panes.marks import KINDS
from tui.panes.registry import PANES
from tui.render.palette import Look
from tui.render.plain import plain, spelled

SIZES = [(80, 24), (100, 30), (120, 40), (200, 60)]
GUIDED = [file.stem for file in library_files() if "[[guide]]" in file.read_text(encoding="utf-8")]
ROUNDS = 200
PLAIN_ONES = 5
"""Every so many lessons are walked without colour and Unicode, too."""
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
    shown = bare(plain(area(driver, box.region)) if look.ascii else area(driver, box.region))
    reply = page.right is not None and not page.asking
    parts = [page.title, page.say, *([] if reply else [page.ask]), *([] if reply else page.choices)]
    missing = [part for part in parts if not any(bare(way) in shown for way in ways(part, look))]
    return missing + [f"{target} is not marked" for target in page.targets if not marked(driver, target, look)]


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


@pytest.mark.parametrize(
    ("name", "ascii"), [*((name, False) for name in GUIDED), *((name, True) for name in GUIDED[::PLAIN_ONES])]
)
def test_a_guide_is_walked_to_its_end_and_each_page_is_whole(name: str, ascii: bool, monkeypatch) -> None:
    monkeypatch.setattr("tui.dialogs.seeds.SEEDS", 2)  # what the seeds tell is not looked at
    if ascii:
        monkeypatch.setenv("NO_COLOR", "1")
    found: list[str] = []

    async def at_all_sizes(driver: Driver) -> None:
        for width, height in SIZES[:1] if ascii else SIZES[::-1]:
            await driver.resize(width, height)
            await driver.settled()
            for _ in range(ROUNDS):  # panes that take long to draw follow a little later
                if not faults(driver):
                    break
                await driver.pilot.pause(0.01)
            stage = driver.simulator.guide.number
            found.extend(f"{width}x{height} stage {stage + 1}: {fault}" for fault in faults(driver))

    async def through(driver: Driver) -> None:
        titles = await walk(driver, at_all_sizes)
        assert titles == [stage.title for stage in driver.session.scenario.guide]

    drive(load(name), through, size=SIZES[0], ascii=ascii)
    assert found == []
