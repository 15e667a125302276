"""Paints films that gradstep wrote, one after the other, as an animated GIF; README's was made so:

python -m tests.moving_picture one.cast two.cast --out docs/moving.gif
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pyte
from PIL import Image

from tests.picture import picture

COLOURS = 96


def pictures(film: str) -> Iterator[tuple[float, Image.Image]]:
    """What the screen of a film shows, and for how many seconds."""
    header, *lines = map(json.loads, film.splitlines())
    screen = pyte.Screen(header["width"], header["height"])
    stream = pyte.Stream(screen)
    for (at, _, codes), (until, *_) in pairwise(lines):
        stream.feed(codes)
        yield until - at, picture(screen)


def moving_picture(films: Sequence[str], out: Path) -> None:
    """Write an animated GIF of films."""
    shown = [one for film in films for one in pictures(film)]
    frames = [image.quantize(COLOURS, dither=Image.Dither.NONE) for _, image in shown]
    seconds = [round(1000 * of) for of, _ in shown]
    frames[0].save(out, save_all=True, append_images=frames[1:], duration=seconds, loop=0, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.moving_picture", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("films", nargs="+", type=Path, metavar="FILM.cast")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.gif")
    options = parser.parse_args()
    moving_picture([film.read_text(encoding="utf-8") for film in options.films], options.out)


if __name__ == "__main__":
    main()
