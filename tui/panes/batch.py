"""The pane batch: each sample's gradient, their mean, the full gradient, and the angle between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from nncore.arrays import Array, chunks
from nncore.noise import angle, expected_variance, full_gradient, sample_gradients, widest_direction
from tui.keymap.own_keys import keyed
from tui.panes.pane import NOTHING, Drawing, Study, View, message
from tui.panes.selectable_plot import PlotPane, SelectablePlot
from tui.render.cells import longest
from tui.render.charts import line_chart
from tui.render.numbers import num
from tui.render.selection import Numbered, Sample
from tui.render.series import Series
from tui.session.frame import LaneFrame

ROOM = 256 * 2**20
"""Bytes that the gradients of a batch's samples may take."""
NOT_FINITE = "The gradients of this batch are not finite."


@dataclass(frozen=True, eq=False)
class Gradients:
    """Gradients in the plane of the full one (first coordinate) and of the samples' widest spread across it.

    samples (m, 2) of the samples `numbers`, of whole length `lengths` (m,) and at `angles` (m,) to their mean;
    batch and full (2,); degrees between batch and full; σ²/m · (n−m)/(n−1).
    """

    numbers: Numbered[Sample]
    lengths: Array
    angles: Array
    samples: Array
    batch: Array
    full: Array
    degrees: float
    variance: float
    squared_distance: float


class BatchPane(PlotPane):
    kind = "batch"
    title = "batch"
    purpose = "each sample's gradient, their mean, the full gradient"
    legend = (
        (
            "points",
            "the gradient of each sample; across along the full gradient, up along their widest spread beside it",
        ),
        ("lines", "the batch's mean and the full gradient, from 0; both axes have one scale"),
        ("distance²", "of the batch's mean to the full gradient"),
        ("expected", "its mean over all batches of m of the n samples: that of single samples times (n−m) / (m·(n−1))"),
    )
    studies = True

    def depends(self, view: View) -> tuple[object, ...]:
        return (view.study, view.lane.step, view.lane.operation is None, _computed(view))

    def study(self, lane: LaneFrame, before: Study | None) -> Iterator[object]:
        trace = lane.trace
        if lane.is_function:
            return
        needed = 8 * len(trace.indices) * lane.theta.size
        if needed > ROOM:
            yield f"The gradients of {len(trace.indices):,} samples take {needed >> 20:,} MB, too much for a pane."
            return
        # where losses are summed, too, a batch and the whole part compare by their means
        model = replace(lane.network, reduction="mean")
        settings = trace.settings
        full = yield from full_gradient.slices(model, settings, trace.theta)
        own = yield from sample_gradients.slices(model, settings, trace.theta, trace.z[0], trace.targets)
        if not (np.isfinite(own).all() and np.isfinite(full).all()):
            yield NOT_FINITE
            return
        variance = yield from expected_variance.slices(model, settings, trace.theta, len(own))
        batch = own.mean(0)
        first = full / (np.linalg.norm(full) or 1.0)
        second = yield from widest_direction.slices(own, first)
        second = second * (np.sign(second[np.abs(second).argmax()]) or 1.0)
        axes = np.column_stack([first, second])
        whole = len(own) == model.samples
        lengths, angles = np.empty(len(own)), np.empty(len(own))
        for part in chunks(len(own), 4 * own[0].nbytes):
            lengths[part], angles[part] = np.linalg.norm(own[part], axis=1), angle(own[part], batch)
            yield None
        yield Gradients(
            numbers=Numbered(Sample, trace.indices),
            lengths=lengths,
            angles=angles,
            samples=own @ axes,
            batch=batch @ axes,
            full=full @ axes,
            degrees=0.0 if whole else float(angle(batch, full)),
            variance=variance,
            squared_distance=0.0 if whole else float(np.square(batch - full).sum()),
        )

    def draw(self, view: View) -> Drawing:
        if view.lane.is_function:
            return message("A function lane has no samples; its noise is in the equation of BATCH.", view, self.title)
        study, known = view.study, _found(view)
        if view.lane.operation is None:
            return message(keyed(NOTHING), view, self.title)
        if not _computed(view):
            text = f"The backward pass of step {view.lane.trace.step + 1:,} has not come to all gradients yet."
            return message(text, view, self.title)
        if study is None or known is None:
            return message(view.found(str) or "working…", view, self.title)
        lines = _scene(view, known).marked(view.selection, view.look)
        count, degrees = len(known.samples), f"{num(known.degrees)}°"
        titles = (
            f"{self.title} {degrees} from the full gradient · {count} sample{'s' * (count > 1)}",
            f"{self.title} {degrees} from the full gradient",
            f"{self.title} {degrees} from full",
            f"{degrees} from full",
        )
        found, expected = num(known.squared_distance), num(known.variance)
        measured = (
            f"distance² to the full gradient {found}, expected {expected}",
            f"distance² {found}, expected {expected}",
            f"distance² {found}",
        )
        return Drawing(lines, titles, study.aged(view, *measured))

    def scene(self, view: View) -> SelectablePlot | None:
        known = _found(view)
        return _scene(view, known) if known else None

    def explain(self, view: View) -> str:
        known, selected = _found(view), view.selection
        if known is None or not isinstance(selected, Sample):
            return ""
        if selected not in known.numbers:
            return f"sample {selected.number} is not in this batch"
        row = known.numbers.index(selected)
        length, mean = known.lengths[row], float(np.linalg.norm(known.batch))
        if not (length and mean):
            return f"sample {selected.number}: gradient of length {num(length)}; the batch mean has length {num(mean)}"
        angle_to_mean = f"at {num(known.angles[row])}° to the batch mean, whose length is {num(mean)}"
        return f"sample {selected.number}: gradient of length {num(length)}, {angle_to_mean}"


def _found(view: View) -> Gradients | None:
    """What the batch's gradients came to, once the step has."""
    return view.found(Gradients) if _computed(view) else None


def _computed(view: View) -> bool:
    """Whether the step in view has come to its gradients."""
    return bool(view.lane.gradient_reached.all())


def _scene(view: View, known: Gradients) -> SelectablePlot:
    palette = view.look.palette
    series = [
        Series("samples", known.samples[:, 0], known.samples[:, 1], "cloud", muted=True, index=view.lane.number),
        _arrow("full", known.full, palette.text, 1),
        _arrow("batch mean", known.batch, palette.accent, 2),
    ]
    label = longest(view.width // 3, "along the full gradient", "along full", "")
    chart = line_chart(series, view.width, view.height, view.look, x_label=label, moving=True, equal=True)
    return SelectablePlot(chart, known.samples, known.numbers, first=int(known.lengths.argmax()))


def _arrow(name: str, end: Array, color: str | None, index: int) -> Series:
    """A line from 0 to a point, in the order of rising x."""
    points = np.array([(0.0, 0.0), tuple(end)])
    points = points[np.argsort(points[:, 0], kind="stable")]
    return Series(name, points[:, 0], points[:, 1], "line", color=color, index=index)
