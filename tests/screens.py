"""Ten whole screens as pictures, so that a review sees what a change made of them.

    python -m tests.screens          # draws them anew

Each is a lesson at a size after some keys, with its guide: `tests/tui/app/screens/NAME.svg`.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from scenarios.file.loader import load
from tests.pilot import Driver, drive

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
    "network-zoomed": ("xor-starts", (80, 24), ("G", "n", "tab", "tab", "tab", "z")),
}
"""For each picture a lesson, None for the picker, a size, and the keys that are pressed first."""


def picture(name: str) -> str:
    """One of the screens as an SVG."""
    scenario, size, keys = SCREENS[name]
    pictures = []

    async def walk(driver: Driver) -> None:
        await driver.until(lambda: driver.text.strip())
        await driver.press(*keys)
        if scenario:
            await driver.settled()
            await driver.until(lambda: not driver.simulator.guide.due())
            driver.simulator.say_no_more()
        else:
            await driver.until(lambda: "parameters" in driver.text)  # of the lesson that is chosen
        await driver.pilot.pause(0)
        pictures.append(driver.app.export_screenshot(title=name, simplify=True))

    drive(load(scenario) if scenario else None, walk, size)
    return pictures[0]


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in SCREENS:
        with TemporaryDirectory() as state:  # nothing of the picture before is taken up
            os.environ["XDG_STATE_HOME"] = state
            (FOLDER / f"{name}.svg").write_text(picture(name), encoding="utf-8")
