"""Paints all pages of a lesson's guide, walked through as its stages ask, beside each other at two sizes.

python -m tests.sheets disc-depth by-hand --out shots
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pyte
from PIL import Image
from rich.color import ColorSystem
from rich.style import Style

from scenarios.file.loader import load
from tests.picture import picture
from tests.pilot import Driver, drive
from tests.tui.lesson.walker import walk

SIZES = ((80, 24), (120, 40))
APART = 10
"""Pixels between two pictures."""


def painted(driver: Driver) -> Image.Image:
    """The screen as it stands."""
    strips = driver.app.screen._compositor.render_strips()
    screen = pyte.Screen(driver.app.size.width, driver.app.size.height)
    stream = pyte.Stream(screen)
    for row, strip in enumerate(strips, 1):
        stream.feed(f"\x1b[{row};1H")
        for segment in strip:
            style = segment.style or Style()
            stream.feed(style.render(segment.text, color_system=ColorSystem.TRUECOLOR))
    return picture(screen)


def sheet(name: str) -> Image.Image:
    """All pages of a scenario's guide, one a row, at every size."""
    rows: list[list[Image.Image]] = []

    async def look(driver: Driver) -> None:
        row = []
        for size in SIZES:
            await driver.resize(*size)
            await driver.settled()
            row.append(painted(driver))
        rows.append(row)

    async def through(driver: Driver) -> None:
        await walk(driver, look)

    with TemporaryDirectory() as state:  # nothing of a lesson that was left is taken up
        os.environ["XDG_STATE_HOME"] = state
        drive(load(name), through, size=SIZES[0])
    width = sum(one.width + APART for one in rows[0])
    whole = Image.new("RGB", (width, sum(max(one.height for one in row) + APART for row in rows)), "gray")
    down = 0
    for row in rows:
        across = 0
        for one in row:
            whole.paste(one, (across, down))
            across += one.width + APART
        down += max(one.height for one in row) + APART
    return whole


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.sheets", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="+", metavar="SCENARIO")
    parser.add_argument("--out", type=Path, default=Path(), metavar="FOLDER", help="where NAME.png is written")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name in options.names:
        sheet(name).save(options.out / f"{Path(name).stem}.png")


if __name__ == "__main__":
    main()
