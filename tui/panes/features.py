"""The pane features: what the last hidden layer φ(x) makes of the data."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from nncore.arrays import Array
from nncore.model import NetworkModel
from tui.panes.pane import Drawing, Pane, View, message
from tui.render.charts import line_chart
from tui.render.palette import Look
from tui.render.series import Series


class FeaturesPane(Pane):
    kind = "features"
    title = "features"
    purpose = "φ(x), the last hidden layer, of each training sample: are the classes apart?"

    def depends(self, view: View) -> tuple[object, ...]:
        return (view.lane.lane, view.lane.theta.tobytes())

    def draw(self, view: View) -> Drawing:
        model = view.lane.lane.model
        if not isinstance(model, NetworkModel):
            return message("A function lane has no features.", view, self.title)
        with np.errstate(all="ignore"):
            phi = model.network.forward(view.lane.theta, model.data.x)[1][-2]
        if not np.isfinite(phi).all():
            return message("The features are not finite.", view, self.title)
        points, share = flattened(phi)
        groups = list(_groups(model, points, view.look))
        chart = line_chart(groups, view.width, view.height, view.look)
        units = phi.shape[1]
        what = f"φ(x) = z, {units} units" if model.network.depth > 1 else f"φ(x) = x, {units} inputs: no hidden layer"
        spread = f"{share:.0%} of the spread"
        shown = ("",) if units <= 2 else (f"2 of {units} directions, {spread}", spread)
        short = what.partition(",")[0]
        return Drawing(chart.lines, (f"{self.title} · {what}", f"{self.title} · {short}", short), shown)


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


def _groups(model: NetworkModel, points: Array, look: Look) -> list[Series]:
    """One cloud a class; for measured y, those below and above its median."""
    y = model.data.y[:, 0]
    if model.data.classes is not None or model.data.labels is not None:
        kinds = np.unique(y)
        names = [f"y = {value:g}" for value in kinds]
        masks = [y == value for value in kinds]
    else:
        middle = float(np.median(y))
        names, masks = [f"y < {middle:.3g}", f"y ≥ {middle:.3g}"], [y < middle, y >= middle]
    colors = _colors(look)
    return [
        Series(name, points[mask, 0], points[mask, 1], "cloud", index=number, color=colors[number % len(colors)])
        for number, (name, mask) in enumerate(zip(names, masks, strict=True))
        if mask.any()
    ]


@lru_cache
def _colors(look: Look) -> tuple[str | None, ...]:
    return look.palette.classes
