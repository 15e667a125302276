"""What a network makes of the plane: a map of its values or classes with the samples painted on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from tui.render.numbers import count
from tui.render.palette import Look
from tui.render.pixelmap import Domain, Inks, Marks, interpolated, map_picture, pixels, resampled, unit
from tui.render.plot import Plot
from tui.render.shades import STEPS, blend, diverging, sign_glyph, steps
from tui.render.thinning import one_per_cell

FADE = 0.35  # of the map behind the samples
APART = 3  # columns of a line that share one sample, so that the map stays visible
DIGITS = "01234567"
LETTERS = "ABCDEFGH"
"""Of the same classes, for samples that are answered wrongly."""
CLASSES = len(DIGITS)


@dataclass(frozen=True, eq=False)
class Samples:
    """Points `x` (n, 2) and for each its class, 0, 1, … (n,); on a map of two classes 1 is the upper one.

    wrong: the numbers of those that are answered wrongly, which are shown alone if `only_wrong`.
    """

    x: np.ndarray
    classes: np.ndarray
    wrong: np.ndarray = field(default_factory=lambda: np.empty(0, int))
    only_wrong: bool = False


def decision_map(
    values: np.ndarray,
    domain: Domain,
    width: int,
    height: int,
    look: Look,
    *,
    level: float,
    reach: float,
    samples: Samples | Marks | None = None,
    names: Sequence[str] = (),
    switches: Mapping[str, np.ndarray] | None = None,
    halves: bool = False,
) -> Plot:
    """Values (rows, columns), the lowest x₂ first: blue above `level`, orange below, saturated at ± `reach`.

    The contour at `level` is drawn as a line; the line below the map says what it spans. Samples that are
    close together share a mark, unless they are answered wrongly, while `Marks`, hollow of kind 0 and full of kind 1,
    are drawn all.
    switches: pre-activations of units by name (rows, columns), drawn as lines where they are 0; the line below the
    map names them.
    halves: each half of a cell in its own shade, instead of quarters in two.
    """
    rows, columns = pixels(width, height, look)
    grid = interpolated(values, rows, columns)[::-1] - level
    shades = steps(grid, reach) + STEPS
    drawn = _with_switches(np.where(_contour(grid), 2 * STEPS + 1, shades), switches or {}, 2 * STEPS + 2)
    marks, note = _thinned(samples, domain, width, height, classes=2)
    inks = _two_classes(look)
    notes = _notes(switches or {}, note, marks, inks)
    return map_picture(
        drawn,
        shades,
        inks,
        domain,
        width,
        height,
        look,
        marks=marks,
        names=names,
        notes=notes,
        halves=halves,
    )


def class_map(
    classes: np.ndarray,
    domain: Domain,
    width: int,
    height: int,
    look: Look,
    *,
    samples: Samples | None = None,
    names: Sequence[str] = (),
    switches: Mapping[str, np.ndarray] | None = None,
    halves: bool = False,
) -> Plot:
    """The most likely class (rows, columns) of every point, the lowest x₂ first, by colour and digit; lines so too."""
    rows, columns = pixels(width, height, look)
    shades = resampled(classes, rows, columns)[::-1].astype(int) % CLASSES
    marks, note = _thinned(samples, domain, width, height, classes=CLASSES)
    inks = _many_classes(look)
    notes = _notes(switches or {}, note, marks, inks)
    drawn = _with_switches(shades, switches or {}, CLASSES)
    return map_picture(
        drawn, shades, inks, domain, width, height, look, marks=marks, names=names, notes=notes, halves=halves
    )


@lru_cache
def _two_classes(look: Look) -> Inks:
    """The diverging shades, then the contour and the lines where units switch."""
    palette, glyphs = look.palette, look.glyphs
    return Inks(
        (*diverging(palette, FADE), palette.background if look.ascii else palette.text, palette.accent),
        "".join(sign_glyph(step, glyphs) for step in range(-STEPS, STEPS + 1)) + f" {glyphs.switch}",
        tuple(blend(color, palette.text, 0.5) for color in (palette.negative, palette.positive)),
        glyphs.low_class + glyphs.high_class + glyphs.low_wrong + glyphs.high_wrong,
        2 * STEPS + 1,
        frozenset((2 * STEPS + 2,)),
    )


@lru_cache
def _many_classes(look: Look) -> Inks:
    palette = look.palette
    return Inks(
        (*(blend(color, palette.background, 2 * FADE) for color in palette.classes), palette.accent),
        DIGITS + look.glyphs.switch,
        tuple(blend(color, palette.text, 0.5) for color in palette.classes),
        DIGITS + LETTERS,
        lines=frozenset((CLASSES,)),
    )


def _with_switches(drawn: np.ndarray, switches: Mapping[str, np.ndarray], shade: int) -> np.ndarray:
    """A map with the lines on it where units switch."""
    for values in switches.values():
        drawn = np.where(_contour(interpolated(values, *drawn.shape)[::-1]), shade, drawn)
    return drawn


def _notes(switches: Mapping[str, np.ndarray], thinned: str, marks: Marks | None, inks: Inks) -> tuple[str, ...]:
    """What stands below a map beside what it spans, from long to short: lines, or how many samples, and wrong ones."""
    if switches:
        return (_switch_words(switches),)
    kinds = sorted(set(marks.kinds.tolist())) if marks else []
    signs = " ".join(inks.marks[kind] for kind in kinds if kind >= len(inks.marks) // 2)
    wrong = f"{signs} wrong" if signs else ""
    right = " ".join(inks.marks[kind] for kind in kinds if kind < len(inks.marks) // 2)
    told = "  ".join(filter(None, (thinned, wrong)))
    return (f"{told}  {right} right" if wrong and right else told, told, wrong)


def _switch_words(switches: Mapping[str, np.ndarray]) -> str:
    """Where units switch: on their lines, or nowhere in the picture."""
    signs = (">" if (a > 0).all() else "<" if (a < 0).all() else "=" for a in switches.values())
    return "  ".join(f"{name} {sign} 0" for name, sign in zip(switches, signs, strict=True))


def _contour(grid: np.ndarray) -> np.ndarray:
    """Of any two neighbours on different sides of 0, the one that is nearer to it."""
    above, distance, contour = grid >= 0, np.abs(grid), np.zeros(grid.shape, bool)
    for first, second in (
        ((slice(None), slice(None, -1)), (slice(None), slice(1, None))),
        ((slice(None, -1), slice(None)), (slice(1, None), slice(None))),
    ):
        crossed = above[first] != above[second]
        nearer = distance[first] <= distance[second]
        contour[first] |= crossed & nearer
        contour[second] |= crossed & ~nearer
    return contour


def _thinned(
    samples: Samples | Marks | None, domain: Domain, width: int, height: int, classes: int
) -> tuple[Marks | None, str]:
    """All samples that are answered wrongly, the first of others that are close together, how many that are if not all.

    Their kinds are their classes, and beyond them as many for those that are answered wrongly.
    """
    if samples is None or isinstance(samples, Marks):
        return samples, ""
    x, y = unit(samples.x, domain).T
    columns, rows = -(-max(width, 1) // APART), max(height - 1, 1)
    of_wrong = one_per_cell(x[samples.wrong], y[samples.wrong], max(width, 1), rows)
    wrong = samples.wrong[of_wrong]
    right = np.empty(0, int) if samples.only_wrong else np.setdiff1d(np.arange(len(x)), samples.wrong)
    order = np.concatenate((wrong, right))
    others = order[one_per_cell(x[order], y[order], columns, rows)]
    others = others[~np.isin(others, wrong)]
    shown, missed = np.concatenate((others, wrong)), np.repeat((False, True), (len(others), len(wrong)))
    note = "" if len(shown) == len(x) or samples.only_wrong else f"{count(len(shown))} of {count(len(x))} drawn"
    return Marks(samples.x[shown], samples.classes[shown].astype(int) % classes + classes * missed), note
