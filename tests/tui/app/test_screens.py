"""Whole screens: ten as they are kept, and every size, look and kind of lesson without anything cut or empty."""

import pytest

from scenarios.file.loader import load
from tests.pilot import drive
from tests.screens import FOLDER, SCREENS, screen
from tests.tui.app.test_shapes import valid
from tui.panes.layout import GUIDE


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_as_it_is_kept(name):
    _, text = screen(name)
    kept = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert text == kept, f"{name} has changed: look at it, and keep it by python -m tests.screens"


LOOKS = {"colour": (False, False), "NO_COLOR": (True, False), "ASCII": (False, True)}


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40), (200, 60)])
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", ["by-hand", "disc-depth", "gradient-variance", "optimizers"])
def test_nothing_is_cut_overlapping_or_empty(name, look, size, monkeypatch):
    """At rest, and in the middle of a backward pass."""
    without_color, ascii = LOOKS[look]
    if without_color:
        monkeypatch.setenv("NO_COLOR", "1")

    async def walk(driver):
        await driver.press("G")
        for keys in ((), ("n",), ("s",) * 9):
            await driver.press(*keys)
            await driver.until(lambda: "working…" not in driver.text)
            assert valid(driver)
            lines = driver.text.splitlines()
            assert {len(line) for line in lines} == {size[0]}
            del lines[0]  # the header, above the panes
            for pane, region in driver.simulator.panes.regions.items():
                edges = [lines[region.y][region.x], lines[region.y + region.height - 1][region.x + region.width - 1]]
                assert edges == ["╭", "╯"] or ascii, (pane, edges)
                rows = lines[region.y + 1 : region.y + region.height - 1]
                inside = [line[region.x + 1 : region.x + region.width - 1] for line in rows]
                assert pane == GUIDE or any(line.strip() for line in inside), pane

    drive(load(name), walk, size, ascii)
