"""The pane features: what the last hidden layer φ(x) makes of the data."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from nncore.arrays import Array, chunks, distinct
from nncore.datasets import Data
from nncore.model import NetworkModel
from tui.explain.names import class_name, output_name, vector
from tui.explain.sample import hardest, sample_pass, target
from tui.panes.pane import Drawing, View, message
from tui.panes.selectable_plot import PlotPane, SelectablePlot
from tui.render.charts import line_chart
from tui.render.palette import Look
from tui.render.selection import Numbered, Sample
from tui.render.series import Series

SHARE = 8
"""What is drawn is passed through the network in one part in so many of what a slice takes."""


class FeaturesPane(PlotPane):
    kind = "features"
    title = "features"
    purpose = "φ(x), the last hidden layer, of every sample"
    legend = (
        ("• × + °", "samples by class, placed by φ(x), the activations of the last hidden layer"),
        ("of the spread", "more than two units are seen in the flat that keeps most of the differences"),
    )

    def depends(self, view: View) -> tuple[object, ...]:
        return (view.lane.lane, view.lane.theta.tobytes())

    def draw(self, view: View) -> Drawing:
        if view.lane.is_function:
            return message("A function lane has no features.", view, self.title)
        model = view.lane.network
        points, share = _points(model, view.lane.theta)
        if not np.isfinite(points).all():
            return message("The features are not finite.", view, self.title)
        lines = _scene(view, model, points).marked(view.selection, view.look)
        units = model.network.sizes[-2]
        what = f"φ(x) = z, {units} units" if model.network.depth > 1 else f"φ(x) = x, {units} inputs: no hidden layer"
        spread = f"{share:.0%} of the spread"
        some = f"1 of {step} samples" if (step := drawn(model).step) > 1 else ""
        ways = (f"2 of {units} directions, {spread}", spread) if units > 2 else ()
        shown = tuple(", ".join(filter(None, (way, some))) for way in (*ways, ""))
        short = what.partition(",")[0]
        return Drawing(lines, (f"{self.title} · {what}", f"{self.title} · {short}", short), shown)

    def scene(self, view: View) -> SelectablePlot | None:
        if view.lane.is_function:
            return None
        model = view.lane.network
        points, _ = _points(model, view.lane.theta)
        return _scene(view, model, points) if np.isfinite(points).all() else None

    def explain(self, view: View) -> str:
        selected = view.selection
        if view.lane.is_function or not isinstance(selected, Sample) or selected.number >= view.lane.network.samples:
            return ""
        model = view.lane.network
        phi = sample_pass(view.lane, selected.number).z[-2]
        return f"sample {selected.number}, {target(model, selected.number)}: φ(x) = {vector(phi)}"


def _points(model: NetworkModel, theta: Array) -> tuple[Array, float]:
    """The features of what is drawn as points, NaN where they are not finite, and their share of the spread."""
    with np.errstate(all="ignore"):
        phi = model.network.forward(theta, model.data.x[_every(model)])[1][-2]
    return flattened(phi) if np.isfinite(phi).all() else (np.full((len(phi), 2), np.nan), 0.0)


def _scene(view: View, model: NetworkModel, points: Array) -> SelectablePlot:
    chart = line_chart(list(_groups(model, points, view.look)), view.width, view.height, view.look, moving=True)
    shown = drawn(model)
    return SelectablePlot(chart, points, Numbered(Sample, shown), first=hardest(view.lane) // shown.step)


def drawn(model: NetworkModel) -> range:
    """The samples that are drawn: evenly many, where all would take long to pass through the network."""
    return range(0, model.samples, len(chunks(model.samples, 0, SHARE * model.network.work)))


def _every(model: NetworkModel) -> slice:
    return slice(None, None, drawn(model).step)


def flattened(phi: Array) -> tuple[Array, float]:
    """Features (n, units) as points (n, 2), by their two principal components where there are more than two units.

    Also the share of the spread that the points show. A component's sign is that of its largest entry.
    """
    if phi.shape[1] == 1:
        return np.column_stack([phi[:, 0], np.zeros(len(phi))]), 1.0
    if phi.shape[1] == 2:
        return phi, 1.0
    centred = phi - phi.mean(0)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, [-1, -2]]
    axes = axes * np.sign(axes[np.abs(axes).argmax(0), [0, 1]])
    total = values.sum()
    return phi @ axes, float(values[-2:].sum() / total) if total > 0 else 1.0


def _kind(data: Data, value: float) -> str:
    """What the samples of one y are called."""
    values = list(data.labels or range(len(data.names.classes)))
    if data.names.classes and value in values:
        return class_name(data, values.index(value))
    return f"{output_name(data)} = {value:g}"


def _groups(model: NetworkModel, points: Array, look: Look) -> list[Series]:
    """One cloud a class; for measured y, those below and above its median."""
    y = model.data.y[_every(model), 0]
    if model.data.classes is not None or model.data.labels is not None:
        kinds = distinct(y)
        names = [_kind(model.data, float(value)) for value in kinds]
        masks = [y == value for value in kinds]
    else:
        middle = float(np.median(y))
        y_name = output_name(model.data)
        names, masks = [f"{y_name} < {middle:.3g}", f"{y_name} ≥ {middle:.3g}"], [y < middle, y >= middle]
    colors = _colors(look)
    return [
        Series(name, points[mask, 0], points[mask, 1], "cloud", index=number, color=colors[number % len(colors)])
        for number, (name, mask) in enumerate(zip(names, masks, strict=True))
        if mask.any()
    ]


@lru_cache
def _colors(look: Look) -> tuple[str | None, ...]:
    return look.palette.classes
