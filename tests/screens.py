"""Ten whole screens as pictures, so that a review sees what a change made of them.

    python -m tests.screens          # draws them anew

Each is a lesson at a size after some keys, with its guide: `tests/tui/app/screens/NAME.svg`, and its text beside it,
which is what the test compares: no colour and no quarter of a cell in a map, that a last bit may change, and nothing of
how a picture is written.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from scenarios.file.loader import load
from tests.pilot import Driver, drive
from tui.render.glyphs import UNICODE

QUARTERS = str.maketrans(UNICODE.quadrants, UNICODE.upper_half * len(UNICODE.quadrants))
FOLDER = Path(__file__).parent / "tui" / "app" / "screens"

SCREENS: dict[str, tuple[str | None, tuple[int, int], tuple[str, ...]]] = {
    "picker": (None, (120, 40), ()),
    "by-hand-first-page": ("by-hand", (80, 24), ()),
    "by-hand-backward": ("by-hand", (120, 40), ("G", *"sssssssss")),
    "disc-depth-first-page": ("disc-depth", (100, 30), ("n", "n")),
    "disc-depth-page-done": ("disc-depth", (80, 24), ("n", "n", "n")),
    "gd-vs-sgd-fit": ("gd-vs-sgd", (80, 24), ("G", "n", "n", "n")),
    "learning-rate-four-lanes": ("learning-rate", (80, 24), ("G", "n", "n", "n", "n", "n")),
    "optimizers-paths": ("optimizers", (80, 24), ("G", "n", "n", "n", "n", "n")),
    "vanishing-gradients-backward": ("vanishing-gradients", (120, 40), ("G", *["s"] * 20)),
    "network-zoomed": ("by-hand", (80, 24), ("G", "n", "z")),
}
"""For each picture a lesson, None for the picker, a size, and the keys that are pressed first."""


def screen(name: str) -> tuple[str, str]:
    """One of the screens as a picture (SVG) and as text."""
    scenario, size, keys = SCREENS[name]
    seen = []

    async def walk(driver: Driver) -> None:
        await driver.until(lambda: driver.text.strip())
        await driver.press(*keys)
        if scenario:
            await driver.settled()
            await driver.until(lambda: not driver.simulator.guide.due())
            driver.simulator.said.no_more()
        else:
            await driver.until(lambda: "parameters" in driver.text)  # of the lesson that is chosen
        await driver.passed_on()
        lines = (line.rstrip() for line in driver.text.translate(QUARTERS).splitlines())
        seen.append((driver.app.export_screenshot(title=name, simplify=True), "\n".join(lines) + "\n"))

    drive(load(scenario) if scenario else None, walk, size)
    return seen[0]


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in SCREENS:
        with TemporaryDirectory() as state:  # nothing of the picture before is taken up
            os.environ["XDG_STATE_HOME"] = state
            drawn, text = screen(name)
        (FOLDER / f"{name}.svg").write_text(drawn, encoding="utf-8")
        (FOLDER / f"{name}.txt").write_text(text, encoding="utf-8")
