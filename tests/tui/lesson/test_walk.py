"""Every lesson's guide is gone through to its last stage by doing what its stages ask for, and each page is whole.

At every size, and without colour and Unicode, what is said stands whole in the guide's box, and what is pointed at is
in view and marked. All lessons are laid out and drawn without the app; for each kind of thing that stages wait for,
one lesson is walked in the app by its keys.
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
from tests.tui.lesson.reader import Reader
from tests.tui.lesson.walker import walk
from tui.lesson.guide_page import page_of
from tui.panes.marks import KINDS
from tui.panes.registry import PANES
from tui.render.palette import Look, look
from tui.render.plain import plain, spelled
from tui.session.frame import GuideView

LOOKS = (look(), look(ascii=True, color=False))
SIZES = [(80, 24), (100, 30), (120, 40), (200, 60)]
GUIDED = [file.stem for file in library_files() if "[[guide]]" in file.read_text(encoding="utf-8")]
ROUNDS = 200
RESIZED = ("by-hand", "disc-depth")
"""The lessons of which the app shows every page at every size."""
PLAIN = "by-hand"
"""The lesson that is walked without colour and Unicode, too."""
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


def deeds(name: str) -> set[object]:
    """The kinds of things that a lesson's stages wait for."""
    return {
        (type(until), getattr(until, "action", ""), getattr(until, "how", ""), getattr(until, "what", ""))
        for until in (stage.until for stage in load(name).guide)
        if until is not None
    }


def with_keys_of_their_own() -> list[str]:
    """The lessons in which something is done that is done in none before."""
    done, names = set[object](), list[str]()
    for name in (*RESIZED, *GUIDED):
        if new := deeds(name) - done:
            done |= new
            names.append(name)
    return names


@pytest.mark.parametrize("name", GUIDED)
def test_each_page_of_a_guide_is_whole_at_every_size(name: str) -> None:
    reader, found = Reader(load(name)), list[str]()

    def at_all_sizes() -> None:
        page = page_of(reader.guide)
        assert page is not None
        for size in SIZES:
            for paint in LOOKS:
                sheet = reader.sheet(*size, paint)
                text = plain(sheet.text) if paint.ascii else sheet.text
                faults = [*missing(page, text, paint), *(f"{target} is not marked" for target in sheet.unmarked)]
                found.extend(f"{size} ascii={paint.ascii} stage {page.number}: {fault}" for fault in faults)

    assert reader.read(at_all_sizes) == [stage.title for stage in load(name).guide]
    assert found == []


@pytest.mark.parametrize(("name", "ascii"), [*((name, False) for name in with_keys_of_their_own()), (PLAIN, True)])
def test_a_guide_is_walked_to_its_end_by_its_keys(name: str, ascii: bool, monkeypatch) -> None:
    shorten_seeds(monkeypatch)
    if ascii:
        monkeypatch.setenv("NO_COLOR", "1")
    found: list[str] = []

    async def at_sizes(driver: Driver) -> None:
        stage = driver.simulator.guide.number
        for width, height in SIZES[::-1] if name in RESIZED and not ascii else SIZES[:1]:
            await driver.resize(width, height)
            await driver.settled()
            for _ in range(ROUNDS):  # panes that take long to draw follow a little later
                if not faults(driver):
                    break
                await driver.passed_on()
                await asyncio.sleep(0.01)
            found.extend(f"{width}x{height} stage {stage + 1}: {fault}" for fault in faults(driver))

    async def through(driver: Driver) -> None:
        titles = await walk(driver, at_sizes)
        assert titles == [stage.title for stage in driver.session.scenario.guide]

    drive(load(name), through, size=SIZES[0], ascii=ascii)
    assert found == []
