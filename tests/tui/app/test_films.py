"""`x` films a range of steps: the screen goes through them and comes back, and a player shows what it showed."""

import json
from pathlib import Path

import pyte
import pytest

from tests.pilot import drive
from tests.terminal import Terminal, gradstep
from tui.session.cursor import Cursor
from tui.simulator.tasks.film import MOST_PICTURES, Range, read_range


def played(path: Path) -> list[list[str]]:
    """What a terminal shows at each event of a film."""
    header, *events = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    screen = pyte.Screen(header["width"], header["height"])
    stream, shown = pyte.Stream(screen), []
    for _, _, codes in events:
        stream.feed(codes)
        shown.append(list(screen.display))
    return shown


async def filmed(driver, *values):
    await driver.press("x")
    await driver.until(lambda: driver.dialog == "Menu")
    await driver.press("a")
    await driver.until(lambda: driver.dialog == "Form")
    for field, value in zip(driver.app.screen.query("Input"), values, strict=False):
        field.value = value
    await driver.press("enter")
    await driver.until(lambda: "written" in driver.notes)


@pytest.mark.parametrize("name", ["disc-depth", "edge-of-stability"])
def test_the_pictures_are_the_screens_of_these_steps(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    screens = []

    async def walk(driver):
        for _ in range(3):
            await driver.press("n")
            await driver.until(lambda: driver.simulator.panes.studied)
            screens.append(driver.text)
        await driver.press("p", "s")
        stood = driver.session.cursor
        await filmed(driver, "1", "3", "1", "5")
        assert driver.session.cursor == stood

    drive(name, walk, size=(80, 24))
    [film] = tmp_path.glob("*.cast")
    pictures = played(film)
    assert len(pictures) == 4
    panes = slice(1, 19)
    for screen, picture in zip(screens, pictures, strict=False):
        assert picture[0].split("  ")[1] == screen.splitlines()[0].split("  ")[1]
        assert "filming" not in picture[0]
        assert "working…" not in "".join(picture)
        curves = "╭─ loss"  # it knows of later steps by then
        until = next((row for row, line in enumerate(picture) if line.startswith(curves)), 19)
        assert picture[panes][: until - 1] == screen.splitlines()[panes][: until - 1]


def test_a_terminal_films_each_operation_and_esc_films_nothing(tmp_path):
    with Terminal(gradstep("by-hand"), 80, 24, folder=tmp_path) as terminal:
        terminal.wait_for(r"\? help")
        terminal.press("G", "x")
        terminal.wait_for("Save or export")
        terminal.press("a")
        terminal.wait_for("film a range of steps")
        terminal.press("tab", "tab", "backspace", *"operation", "enter")
        terminal.wait_for("written: .*cast")
        terminal.press("x")
        terminal.wait_for("Save or export")
        terminal.press("a")
        terminal.wait_for("film a range of steps")
        terminal.press("esc")
        terminal.wait_gone("film a range of steps")
    [film] = tmp_path.glob("*.cast")
    pictures = played(film)
    assert "step 0" in pictures[0][0]
    phases = " ".join(picture[0] for picture in pictures)
    assert all(phase in phases for phase in ("BATCH", "FORWARD", "LOSS", "BACKWARD", "UPDATE"))


def test_places_lie_as_far_apart_as_was_asked():
    assert Range(2, 9, 3, 1).places(14) == [Cursor(2), Cursor(5), Cursor(8), Cursor(9)]
    assert Range(0, 2, 0, 1).places(3) == [
        *(Cursor(0, place) for place in (None, 0, 1)),
        *(Cursor(1, place) for place in (None, 0, 1)),
        Cursor(2),
    ]
    for asked in (Range(2, 9, 3, 1), Range(0, 9, 3, 1), Range(0, 2, 0, 1), Range(3, 4, 100, 1)):
        assert asked.count(3) == len(asked.places(3))


GOOD = {"from step": "0", "to step": "10", "a picture every": "1", "pictures a second": "10"}


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("from step", "-1", "from step: found '-1'; allowed: a whole number from 0 on"),
        ("to step", "0", "it ends at step 0; allowed: a step after 0, where it begins"),
        ("a picture every", "0", "a picture every: found '0'; allowed: a whole number from 1 on, or: operation"),
        ("pictures a second", "61", "pictures a second: found 61; allowed: at most 60"),
        ("to step", "1" + "0" * 14, f"allowed: {MOST_PICTURES:,}, one every so many steps"),
    ],
)
def test_what_cannot_be_filmed_is_refused_in_words(key, value, says):
    refused = []

    async def walk(driver):
        with pytest.raises(ValueError) as error:  # noqa: PT011
            read_range({**GOOD, key: value}, driver.simulator)
        refused.append(str(error.value))

    drive("by-hand", walk, size=(80, 24))
    assert says in refused[0]
