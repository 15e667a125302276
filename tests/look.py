"""Looks at a screen of gradstep: runs it in a real terminal, types keys, and prints or paints what stands there then.

    python -m tests.look disc-depth --size 120x40 --keys n,n,s,s --png shot.png
    python -m tests.look by-hand --keys 's,wait:A₁ =,tab,enter' --text

Each key is typed once the screen has been still after the one before. Nothing of the user's own state is touched.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pyte

from tests.picture import picture
from tests.terminal import KEYS, Terminal, gradstep

STILL = 0.3
"""Seconds without a change after which a screen counts as still."""

PATIENCE = 10.0
"""Seconds after which a screen that does not come to rest, as while it plays, is taken as it is."""


def rest(terminal: Terminal) -> bool:
    """Wait until something stands on the screen and stays; False once the program has ended."""
    end = time.monotonic() + PATIENCE
    shown, since = "", time.monotonic()
    while time.monotonic() < end:
        if not terminal.pump(0.02):
            return False
        if terminal.text != shown:
            shown, since = terminal.text, time.monotonic()
        elif shown.strip() and time.monotonic() - since > STILL:
            break
    return True


def look(argv: Sequence[str], columns: int, rows: int, keys: Sequence[str], folder: Path) -> pyte.Screen:
    """The screen of a program of that command line after keys, run with `folder` as its home.

    A key is a name of tests.terminal or one character, `type:TEXT` a text, `wait:TEXT` waits for a text on the screen.
    Raises ValueError for another key, AssertionError for a text that does not come.
    """
    for key in keys:
        if len(key) > 1 and key not in KEYS and not key.startswith(("wait:", "type:")):
            raise ValueError(f"unknown key {key!r}; known: one character, wait:TEXT, type:TEXT, {', '.join(KEYS)}")
    homes = {name: str(folder) for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    with Terminal(argv, columns, rows, env=homes) as terminal:
        alive = rest(terminal)
        for key in keys:
            if not alive:
                break
            if key.startswith("wait:"):
                terminal.wait_for(re.escape(key.removeprefix("wait:")))
            else:
                terminal.press(key.removeprefix("type:"))
            alive = rest(terminal)
        return terminal.screen


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.look", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("arguments", nargs="*", metavar="ARGUMENT", help="gradstep's own, such as a scenario; after --")
    parser.add_argument("--size", default="120x40", metavar="COLUMNSxROWS", help="120x40 unless told")
    parser.add_argument("--keys", default="", help="comma-separated: n, comma, enter, type:TEXT, wait:TEXT, …")
    parser.add_argument("--png", type=Path, metavar="FILE", help="paint the last screen")
    parser.add_argument("--text", action="store_true", help="print the last screen, as without --png")
    options = parser.parse_args(arguments)
    size = re.fullmatch(r"(\d+)x(\d+)", options.size)
    if not size:
        parser.error(f"--size {options.size}: give columns and rows, as in 120x40")
    keys = ["," if key == "comma" else key for key in options.keys.split(",") if key]
    with TemporaryDirectory() as folder:
        try:
            screen = look(gradstep(*options.arguments), int(size[1]), int(size[2]), keys, Path(folder))
        except (ValueError, AssertionError) as error:
            parser.exit(2, f"{error}\n")
    if options.png:
        picture(screen).save(options.png)
    if options.text or not options.png:
        print(*screen.display, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
