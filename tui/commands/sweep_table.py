"""What a sweep came to, as a table of medians over the seeds, and for two varied keys as heat maps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from statistics import median

from rich.cells import cell_len
from rich.style import Style
from rich.table import Table
from rich.text import Text

from scenarios.file.overrides import toml_value
from scenarios.quantities.definitions import Number
from scenarios.runs.sweep import Row, Sweep
from tui.commands.output import grid, shown, spread
from tui.render.palette import DARK
from tui.render.plain import plain
from tui.render.shades import on, sequential

LOSSES = {"train_loss": "train loss", "test_loss": "test loss"}
BEST, SOME = "*", "!"
_GAP = 2
_LONG = 8


@dataclass(frozen=True)
class Cell:
    """A lane's loss over the seeds of a setting, None for a seed without one."""

    values: tuple[Number, ...]

    @property
    def missing(self) -> int:
        """For how many seeds there is none."""
        return self.values.count(None)

    @property
    def middle(self) -> float | None:
        """The median of those that are there."""
        known = [value for value in self.values if value is not None]
        return median(known) if known else None

    @property
    def rank(self) -> tuple[int, float]:
        """How good it is, less being better: few seeds without a loss, then a low median."""
        return (self.missing, self.middle) if self.middle is not None else (len(self.values) + 1, 0.0)


class Results:
    """The losses of a sweep by quantity, setting and lane, and which is best.

    same: the lanes to which no setting makes a difference; lanes: the others.
    """

    def __init__(self, sweep: Sweep, rows: Mapping[tuple[int, int], Row]) -> None:
        self.sweep = sweep
        self._cells: dict[tuple[str, int, str], Cell] = {}
        for place, setting in enumerate(sweep.settings):
            of_setting = [rows[place, seed] for seed in sweep.seeds_of(place)]
            for lane in setting.quantities:
                for name in LOSSES:
                    values = tuple(row.lanes[lane].get(name) for row in of_setting)
                    self._cells[name, place, lane] = Cell(values)
        lanes = dict.fromkeys(lane for setting in sweep.settings for lane in setting.quantities)
        self.same = tuple(lane for lane in lanes if self._is_same(lane))
        self.lanes = tuple(lane for lane in lanes if lane not in self.same)
        tested = any(cell.middle is not None for (name, _, _), cell in self._cells.items() if name == "test_loss")
        self.judged = "test_loss" if tested else "train_loss"

    def _is_same(self, lane: str) -> bool:
        places = range(len(self.sweep.settings))
        return len(places) > 1 and all(
            self.cell(place, lane, name) == self.cell(0, lane, name) for place in places for name in LOSSES
        )

    def cell(self, place: int, lane: str, name: str | None = None) -> Cell:
        """A loss of a lane in a setting, by default the one that settings are judged by."""
        return self._cells.get((name or self.judged, place, lane), Cell(()))

    def best(self, lane: str) -> int | None:
        """The place of the setting with the lowest median for a lane, if one has any."""
        places = range(len(self.sweep.settings))
        found = min(places, key=lambda place: self.cell(place, lane).rank)
        return None if self.cell(found, lane).middle is None else found


def table(results: Results, ascii: bool) -> Table:
    """A row for each setting and lane, with the median and range of the losses; the best of a lane is marked."""
    sweep, names = results.sweep, _losses(results)
    lines = grid(len(sweep.varied) + 1 + len(names) + 1)
    lines.add_row(
        *short_keys([one.key for one in sweep.varied]), "lane", *(LOSSES[name] for name in names), style="bold"
    )
    said = [dict(zip(one.texts, short_texts(one.texts, ascii), strict=True)) for one in sweep.varied]
    best = {lane: results.best(lane) for lane in results.lanes}
    for place, setting in enumerate(sweep.settings):
        texts = [short[text] for short, text in zip(said, setting.texts, strict=True)]
        for lane in (lane for lane in setting.quantities if lane in results.lanes):
            cells = [spread(results.cell(place, lane, name).values) for name in names]
            mark = BEST if best[lane] == place else ""
            lines.add_row(*texts, lane, *cells, mark, style="bold" if mark else "")
    return lines


def legend(results: Results) -> str:
    """What the mark in the table means."""
    return f"{BEST} lowest {'median ' if results.sweep.seeds > 1 else ''}{LOSSES[results.judged]} of its lane"


def same_lines(results: Results) -> list[str]:
    """What is said of lanes to which no setting makes a difference."""
    lines = []
    for lane in results.same:
        losses = (f"{LOSSES[name]} {spread(results.cell(0, lane, name).values)}" for name in _losses(results))
        lines.append(f"{lane} is the same in every setting: {', '.join(losses)}")
    return lines


def _losses(results: Results) -> list[str]:
    return list(LOSSES) if results.judged == "test_loss" else ["train_loss"]


def short_keys(keys: Sequence[str]) -> list[str]:
    """The ends of keys, as long as they have to be to tell them apart."""
    paths = [key.split(".") for key in keys]
    for length in range(1, max(map(len, paths)) + 1):
        ends = [".".join(path[-length:]) for path in paths]
        if len(set(ends)) == len(keys):
            return ends
    return list(keys)


def short_texts(texts: Sequence[str], ascii: bool) -> list[str]:
    """Values as they are printed: long numbers in four digits where these tell them apart."""
    short = [_in_four_digits(text) if len(text) > _LONG else text for text in texts]
    said = short if len(set(short)) == len(texts) else list(texts)
    return [plain(text) for text in said] if ascii else said


def _in_four_digits(text: str) -> str:
    value = toml_value(text)
    return shown(value) if isinstance(value, float) else text


def heat_maps(results: Results, width: int, ascii: bool) -> Iterator[Text]:
    """For each lane the loss that settings are judged by: the first key's values downwards, the second's across.

    Columns for which `width` cells have no room stand below the others.
    """
    down, across = results.sweep.varied
    names = short_keys([down.key, across.key])
    heads, tops = (short_texts(one.texts, ascii) for one in (down, across))
    for lane in results.lanes:
        cells = [_heat(results, lane, place) for place in range(len(results.sweep.settings))]
        left = max(map(cell_len, heads))
        each = max(*(cell_len(text) + 1 for text in tops), *(len(cell.plain) for cell in cells))
        at_once = max(1, (width - left) // (each + _GAP))
        picture = Text(_title(results, lane, names))
        for first in range(0, len(tops), at_once):
            part = range(first, min(first + at_once, len(tops)))
            picture.append("\n" + " " * left)
            for column in part:
                picture.append(_right(f"{tops[column]} ", each + _GAP), Style(bold=True))
            for row, head in enumerate(heads):
                picture.append(f"\n{head}{' ' * (left - cell_len(head))}")
                for column in part:
                    cell = cells[row * len(tops) + column]
                    picture.append(_right(cell.plain, each + _GAP), cell.style)
        yield picture


def _title(results: Results, lane: str, names: Sequence[str]) -> str:
    median_ = "median " if results.sweep.seeds > 1 else ""
    cells = [results.cell(place, lane) for place in range(len(results.sweep.settings))]
    some = f", {SOME} not for every seed" if any(cell.missing and cell.middle is not None for cell in cells) else ""
    what = f"{median_}{LOSSES[results.judged]} of {lane}"
    return f"{what}: {names[0]} downwards, {names[1]} across, {BEST} lowest{some}"


def _right(text: str, width: int) -> str:
    return " " * (width - cell_len(text)) + text


def _heat(results: Results, lane: str, place: int) -> Text:
    """A number on its shade, from the lowest of its lane to the highest."""
    cell = results.cell(place, lane)
    if cell.middle is None:
        return Text("- ")
    mark = SOME * bool(cell.missing) + BEST * (results.best(lane) == place)
    shade = sequential(DARK, _share(results, lane, cell.middle))
    return Text(f"{shown(cell.middle)}{mark or ' '}", Style(color=on(shade, 0.9), bgcolor=shade, bold=BEST in mark))


def _share(results: Results, lane: str, value: float) -> float:
    """Where a number stands between the lowest and the highest, by their logarithms where they have one."""
    middles = (results.cell(place, lane).middle for place in range(len(results.sweep.settings)))
    known = [middle for middle in middles if middle is not None]
    low, high = min(known), max(known)
    if low == high:
        return 0.0
    return log(value / low) / log(high / low) if low > 0 else (value - low) / (high - low)
