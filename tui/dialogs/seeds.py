"""Many seeds of a scenario run from inside: a fan of loss curves, and the share for which each claim held."""

from __future__ import annotations

from math import ceil
from typing import ClassVar

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
from tui.render.palette import Look
from tui.render.plot import Plot
from tui.render.series import Series
from tui.widgets.picture import PictureWidget

SEEDS = 32
ENDS = 36
"""How many columns the ends of the runs have beside their fan, at most."""


class _LeftError(Exception):
    """The screen was left while seeds were still running."""


class Seeds(ReadingDialog[bool]):
    """Runs in a thread beside the screen; leaving it stops the run, and answers whether it had come to its end."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("l", "log", show=False)]

    class Progress(Message):
        """How far the run has come, in words, and what is known."""

        def __init__(self, text: str, fan: SeedFan | None = None, claims: list[ClaimResult] | None = None) -> None:
            super().__init__()
            self.text, self.fan, self.claims = text, fan, claims

    def __init__(self, scenario: Scenario, options: Options, look: Look) -> None:
        super().__init__()
        self._scenario, self._look, self._log = scenario, look, options.log
        self._box = VerticalScroll(classes="box full")
        self._picture, self._results = PictureWidget(id="fan"), Static(id="claims")
        self._fan: SeedFan | None = None
        self._ended = False

    def compose(self) -> ComposeResult:
        loss = "test loss" if is_about_test(self._scenario) else "train loss"
        self._box.border_title = f"{SEEDS} seeds of {self._scenario.name}: {loss}, median and range"
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
            text = f"{what} {done / max(total, 1):.0%}"
            if text != told:
                told = text
                self.post_message(self.Progress(text))

        try:
            found = seed_fan(self._scenario, SEEDS, lambda done, total: tell("training", done, total))
            self.post_message(self.Progress("checking the claims", fan=found))
            claims = verify(self._scenario, SEEDS, lambda done, total: tell("checking the claims", done, total))
        except _LeftError:
            return
        self.post_message(self.Progress("done · l log or linear · esc closes", claims=claims))

    def on_seeds_progress(self, event: Progress) -> None:
        self._box.border_subtitle = event.text
        if event.fan is not None:
            self._fan = event.fan
            self._draw()
        if event.claims is not None:
            self._ended = True
            said = event.claims[: len(self._scenario.claims)] or event.claims  # the guide's own checks have no sentence
            lines = [_claim_line(claim, self._look) for claim in said]
            self._results.update(Content("\n").join(lines or [Content("no claims")]))

    def action_cancel(self) -> None:
        self.dismiss(self._ended)

    def on_resize(self, event: Resize) -> None:
        self.call_after_refresh(self._draw)

    def action_log(self) -> None:
        self._log = not self._log
        self._draw()

    def _draw(self) -> None:
        if not self.is_current:  # it was left in the meantime
            return
        picture = self._picture
        if self._fan is None or picture.size.width < 1:
            return
        width, height = picture.size
        beside = min(ENDS, width // 3)
        chart = line_chart(fan_series(self._fan), width - beside, height, self._look, log_y=self._log, x_label="steps")
        ends = ends_of(self._fan, chart, beside, self._look)
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


def _claim_line(claim: ClaimResult, look: Look) -> Content:
    """In how many of the seeds a sentence of the lesson held; where in too few, how many it needs."""
    color = look.palette.good if claim.passed else look.palette.bad
    needed = "" if claim.passed else f", {ceil(claim.share * claim.seeds)} needed"
    held = f"{round(claim.held * claim.seeds):3} of {claim.seeds} seeds{needed}  "
    return Content.assemble((held, color or ""), claim.text)
