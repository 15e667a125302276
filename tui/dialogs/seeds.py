"""Many seeds of a scenario run from inside: a fan of loss curves, and the share for which each claim held.

Where a key of the scenario is varied, a fan for each of its values, and where the runs end for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import ceil
from typing import ClassVar, Literal

import numpy as np
from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from scenarios.runs.claims import ClaimResult, verify
from scenarios.runs.seed_fan import SeedFan, is_about_test, seed_fan
from scenarios.scenario import Scenario
from tui.dialogs.dialog import ReadingDialog
from tui.panes.pane import Options
from tui.render.cells import Picture, fit, fit_line, ink, longest
from tui.render.charts import line_chart
from tui.render.numbers import num
from tui.render.palette import Look
from tui.render.plot import Plot
from tui.render.series import Series
from tui.widgets.picture import PictureWidget

SEEDS = 32
ENDS = 36
"""How many columns the ends of the runs have beside their fan, at most."""


CLIMBING = 3
"""How many times the largest loss at the start is still shown of runs that climb, so that others can be seen."""
NARROWEST = 30
"""How many columns the fan of one value has at least, unless the screen has fewer."""

LEAVES, COUNTED = "esc leaves", "esc leaves, the seeds count as run"
"""What esc does while seeds are trained, and once their fan is there."""


@dataclass(frozen=True, eq=False)
class Vary:
    """A key of a scenario, and the scenario with each of its values by the value's text."""

    key: str
    scenarios: tuple[tuple[str, Scenario], ...]


class _LeftError(Exception):
    """The screen was left while seeds were still running."""


class Seeds(ReadingDialog[Literal["vary"]]):
    """Runs in a thread beside the screen; leaving it stops the run. Answers "vary" where a key is to be varied."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("l", "log", show=False), Binding("v", "vary", show=False)]

    class Progress(Message):
        """How far the run has come, in words, and what is known."""

        def __init__(self, text: str, fan: SeedFan | None = None, claims: list[ClaimResult] | None = None) -> None:
            super().__init__()
            self.text, self.fan, self.claims = text, fan, claims

    def __init__(self, scenario: Scenario, options: Options, look: Look, vary: Vary | None = None) -> None:
        super().__init__()
        self._scenario, self._look, self._log, self._vary = scenario, look, options.log, vary
        self._box = VerticalScroll(classes="box full")
        self._picture, self._results = PictureWidget(id="fan"), Static(id="claims")
        self._fans: list[SeedFan] = []

    def compose(self) -> ComposeResult:
        loss = "test loss" if is_about_test(self._scenario) else "train loss"
        each = f" for each {self._vary.key}" if self._vary else ""
        self._box.border_title = f"{SEEDS} seeds of {self._scenario.name}{each}: {loss}, median and range"
        self._box.border_subtitle = "starting…"
        with self._box:
            yield self._picture
            yield self._results

    def on_mount(self) -> None:
        self.run_worker(self._run, thread=True, exclusive=True)

    def _run(self) -> None:
        worker, told = get_current_worker(), ""

        def tell(what: str, done: int, total: int) -> None:
            nonlocal told
            if worker.is_cancelled:
                raise _LeftError
            text = f"{what} {done / max(total, 1):.0%} · {COUNTED if self._fans else LEAVES}"
            if text != told:
                told = text
                self.post_message(self.Progress(text))

        try:
            for text, scenario in self._vary.scenarios if self._vary else [("", self._scenario)]:
                words = f"training {text}".rstrip()
                found = seed_fan(scenario, SEEDS, partial(tell, words))
                self.post_message(self.Progress(words, fan=found))
            claims = []
            if self._vary is None:
                claims = verify(self._scenario, SEEDS, partial(tell, "checking the claims"))
        except _LeftError:
            return
        self.post_message(self.Progress("done · l log or linear · v varies a key · esc closes", claims=claims))

    def on_seeds_progress(self, event: Progress) -> None:
        self._box.border_subtitle = event.text
        if event.fan is not None:
            self._fans.append(event.fan)
            self._draw()
            if self._vary is not None:
                self._results.update(Content("\n").join(_value_lines(self._vary, self._fans, self._look)))
                self.call_after_refresh(self._draw)  # a scrollbar may have come
        if event.claims is not None and self._vary is None:
            said = event.claims[: len(self._scenario.claims)] or event.claims  # the guide's own checks have no sentence
            lines = [_claim_line(claim, self._look) for claim in said]
            self._results.update(Content("\n").join(lines or [Content("no claims")]))

    @property
    def trained(self) -> bool:
        """Whether a fan of the seeds is there."""
        return bool(self._fans)

    def action_vary(self) -> None:
        """Ask for a key of the scenario, and run the seeds for each of some values."""
        self.dismiss("vary")

    def on_resize(self, event: Resize) -> None:
        self.call_after_refresh(self._draw)

    def action_log(self) -> None:
        self._log = not self._log
        self._draw()

    def _draw(self) -> None:
        if not self.is_current:  # it was left in the meantime
            return
        picture = self._picture
        if not self._fans or picture.size.width < 1:
            return
        width, height = picture.size
        if self._vary is not None:
            picture.show_lines(fans_of(self._vary, self._fans, width, height, self._look, self._log))
            return
        beside = min(ENDS, width // 3)
        fan = self._fans[0]
        chart = line_chart(fan_series(fan), width - beside, height, self._look, log_y=self._log, x_label="steps")
        ends = ends_of(fan, chart, beside, self._look)
        picture.show_lines([[*line, *end] for line, end in zip(chart.lines, ends, strict=True)])


def fan_series(found: SeedFan) -> list[Series]:
    """For each lane its median as a line, and the least and greatest of the seeds as haze."""
    series = []
    for index, (label, losses) in enumerate(found.losses.items()):
        alive = np.isfinite(losses).any(axis=0)
        part, steps = losses[:, alive], found.steps[alive]
        for values in (np.nanmin(part, axis=0), np.nanmax(part, axis=0)):
            series.append(Series("", steps, values, "scatter", index=index, muted=True))
        series.append(Series(label, steps, np.nanmedian(part, axis=0), "line", index=index))
    return series


def ends_of(found: SeedFan, chart: Plot, width: int, look: Look) -> Picture:
    """Where the runs end, beside their fan: a mark of its lane for each run, or for several where there is no room."""
    rows: dict[int, list[int]] = {}
    for lane, losses in enumerate(found.losses.values()):
        for loss in losses[np.isfinite(losses[:, -1]), -1].tolist():
            row = chart.row(loss)
            if row is not None:
                rows.setdefault(row, []).append(lane)
    each = max(ceil(max(map(len, rows.values()), default=0) / max(width - 2, 1)), 1)
    many = f"a mark for {each} runs"
    ways = ("where they end",) if each == 1 else (f"where they end, {many}", f"ends, {many}", f"1 mark: {each} runs")
    heading = longest(width - 2, *ways)
    lines = [[Segment(fit(f"  {heading}" if not number else "", width))] for number in range(len(chart.lines))]
    for row, lanes in rows.items():
        marks = lanes[::each]
        segments = [Segment(look.glyphs.lines[lane], ink(look.palette.series[lane])) for lane in marks]
        lines[row] = fit_line([Segment("  "), *segments], width, ink())
    return lines


def fans_of(vary: Vary, fans: Sequence[SeedFan], width: int, height: int, look: Look, log: bool) -> Picture:
    """The fans of the values so far, beside and below each other, all with one range of losses."""
    columns = max(1, min(len(vary.scenarios), width // NARROWEST))
    rows, fans = ceil(len(vary.scenarios) / columns), _differing(fans)
    reach = _reach(np.concatenate([one for fan in fans for one in fan.losses.values()]), log)
    blank, name = [Segment(" " * (width // columns), ink())], vary.key.rpartition(".")[2]
    tiles: list[Picture] = []
    for (text, _), fan in zip(vary.scenarios, fans, strict=False):
        series, room = fan_series(fan), height // rows - 1
        chart = line_chart(series, width // columns, room, look, log_y=log, x_label="steps", y_range=reach)
        heading = fit(f" {name} = {text}", width // columns, look.glyphs.ellipsis)
        tiles.append([[Segment(heading, ink(look.palette.text, bold=True))], *chart.lines])
    tiles += [[blank] * (height // rows)] * (columns * rows - len(tiles))
    lines: Picture = []
    for row in range(rows):
        across = tiles[row * columns : (row + 1) * columns]
        lines += [[segment for line in parts for segment in line] for parts in zip(*across, strict=True)]
    return lines


def _differing(fans: Sequence[SeedFan]) -> list[SeedFan]:
    """The fans of the lanes that the values make a difference to; of all lanes where none does yet."""
    first = fans[0].losses
    told = [
        label for label in first if any(not np.array_equal(fan.losses[label], first[label], True) for fan in fans)
    ] or list(first)
    return [replace(fan, losses={label: fan.losses[label] for label in told}) for fan in fans]


def _reach(losses: np.ndarray, log: bool) -> tuple[float, float] | None:
    """The losses (runs, points) to make room for, not those of runs that climb out of sight; None without any."""
    drawn = losses[np.isfinite(losses) & (losses > 0 if log else True)]
    if not len(drawn):
        return None
    return float(drawn.min()), float(min(drawn.max(), np.nanmax(losses[:, 0]) * CLIMBING))


def _value_lines(vary: Vary, fans: Sequence[SeedFan], look: Look) -> list[Content]:
    """For each value so far where the runs of each lane end: the median, the range, and how many diverged."""
    ends = [{label: losses[:, -1] for label, losses in fan.losses.items()} for fan in _differing(fans)]
    medians = [{label: _median(values) for label, values in one.items()} for one in ends]
    best = {label: _best([one[label] for one in medians]) for label in ends[0]}
    wide = max(len(text) for text, _ in vary.scenarios)
    lines = []
    for (text, _), values, middle in zip(vary.scenarios, ends, medians, strict=False):
        parts = [(f"{text:>{wide}}", "bold")]
        for label, found in values.items():
            is_best = middle[label] == best[label]
            words = f"   {label}: {_spread(found)}{', best' if is_best else ''}"
            parts.append((words, (look.palette.good or "") if is_best else ""))
        lines.append(Content.assemble(*parts))
    return lines


def _best(medians: Sequence[float]) -> float:
    """The least of some medians, NaN where they do not differ."""
    alive = {median for median in medians if np.isfinite(median)}
    return min(alive) if len(alive) > 1 else np.nan


def _median(losses: np.ndarray) -> float:
    alive = losses[np.isfinite(losses)]
    return float(np.median(alive)) if len(alive) == len(losses) else np.nan


def _spread(losses: np.ndarray) -> str:
    """The median and the range of losses at the end; how many there are none of."""
    alive = losses[np.isfinite(losses)]
    gone = f", {len(losses) - len(alive)} diverged" if len(alive) < len(losses) else ""
    if not len(alive):
        return f"all {len(losses)} diverged"
    return f"{num(float(np.median(alive)))} [{num(float(alive.min()))}, {num(float(alive.max()))}]{gone}"


def _claim_line(claim: ClaimResult, look: Look) -> Content:
    """In how many of the seeds a sentence of the lesson held; where in too few, how many it needs."""
    color = look.palette.good if claim.passed else look.palette.bad
    needed = "" if claim.passed else f", {ceil(claim.share * claim.seeds)} needed"
    held = f"{round(claim.held * claim.seeds):3} of {claim.seeds} seeds{needed}  "
    return Content.assemble((held, color or ""), claim.text)
