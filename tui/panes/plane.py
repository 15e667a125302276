"""A network of two inputs: its decision or its value at every point of the plane, with the samples on it."""

from __future__ import annotations

import math
from typing import TypeGuard

import numpy as np

from nncore.arrays import Array
from nncore.datasets import Data
from nncore.metrics import classifies, threshold
from nncore.model import NetworkModel
from tui.explain.names import LONGEST, brief
from tui.explain.sample import hardest, samples_of
from tui.panes.marks import pointed_units
from tui.panes.pane import View
from tui.panes.selectable_plot import SelectablePlot
from tui.panes.wrong import Wrong
from tui.render.cells import cell_len, fit
from tui.render.decision import Samples, class_map, decision_map
from tui.render.numbers import num
from tui.render.pixelmap import Domain, grid_points, pixels, square
from tui.render.plot import Plot
from tui.render.selection import Unit

WORK = 2e7
"""Multiply-adds that a map may cost; where the network is larger, the map has fewer points."""
FINE = 5e7
"""Work that points in every quarter of a cell may cost; where it is more, there is one in each half."""
SHORT_NAMES = 8, 5
"""Cells that the name of a class may take where there is little room."""
MARGIN = 1 / 8
"""Of the plane's width, beside samples that lie on its edge."""
CACHED_BYTES = 2**20
"""What a forward pass over a part of the map takes: what stays in a processor's cache is several times faster."""


def draw_plane(view: View, wrong: Wrong | None) -> tuple[SelectablePlot, tuple[str, ...]]:
    """A map of classes, of two classes around their threshold, or of values around their middle; what that is in words.

    The scale of its colours comes from the data, which all lanes have in common.
    """
    plot, what = _map(view, wrong)
    model = view.lane.network
    return SelectablePlot(plot, model.data.x, samples_of(model), first=hardest(view.lane), free=2), what


def _map(view: View, wrong: Wrong | None) -> tuple[Plot, tuple[str, ...]]:
    model, size = view.lane.network, (view.width, view.height)
    data, look = model.data, view.look
    domain = square(_with_margin(data), *size)
    grid = _resolution(model, *_points(view))
    values = _over(model, view.lane.theta, *grid, domain)
    units = [unit for unit in dict.fromkeys((view.unit, *pointed_units(view))) if _switches(unit, model)]
    switches = {
        f"a{look.subscript(unit.layer)}[{unit.number}]": _pre_activation(model, view.lane.theta, unit, *grid, domain)
        for unit in units
    }
    names = tuple(map(brief, data.names.inputs))
    missed = wrong.numbers if wrong else np.empty(0, int)
    only_wrong, halves = view.options.only_wrong and wrong is not None, view.options.halves
    if by_class(model):
        samples = Samples(data.x, data.y[:, 0], missed, only_wrong)
        plot = class_map(values, domain, *size, look, samples=samples, names=names, switches=switches, halves=halves)
        return plot, _with_classes(model, "most likely class")
    level, reach = _levels(model)
    samples = Samples(data.x, data.y[:, 0] > level, missed, only_wrong)
    plot = decision_map(
        values,
        domain,
        *size,
        look,
        level=level,
        reach=reach,
        samples=samples,
        names=names,
        switches=switches,
        halves=halves,
    )
    first = "" if model.network.sizes[-1] == 1 else "output 0, "
    if classifies(model):
        line = f"line at {level:g}"
        span = f"{first}values {level - reach:g} to {level + reach:g}, {line}"
        return plot, (*_with_classes(model, span), f"{first}{line}")
    return plot, (f"{first}values {num(level - reach)} to {num(level + reach)}",)


def _with_margin(data: Data) -> Domain:
    """The part of the plane to draw: that of the data, and a margin where samples lie on its very edge."""
    low, high = np.transpose(data.domain)
    if not (np.isclose(data.x, low) | np.isclose(data.x, high)).any():
        return data.domain
    margin = MARGIN * (high - low)
    return tuple(zip((low - margin).tolist(), (high + margin).tolist(), strict=True))


def _with_classes(model: NetworkModel, what: str) -> tuple[str, ...]:
    """What is drawn, first with the names of the classes, where they have some."""
    named = class_key(model)[:1]
    return (*(f"{what} · {names}" for names in named), *named, what)


def class_key(model: NetworkModel) -> tuple[str, ...]:
    """Which number is which class, in wordings from long to short; nothing where classes have no names."""
    names = model.data.names.classes
    numbered = list(zip(model.data.labels or range(len(names)), names, strict=False))

    def listed(most: int) -> str:
        return ", ".join(f"{value:g} {fit(name, min(most, cell_len(name)))}" for value, name in numbered)

    return tuple(dict.fromkeys(map(listed, (LONGEST, *SHORT_NAMES)))) if names else ()


def _switches(unit: Unit | None, model: NetworkModel) -> TypeGuard[Unit]:
    """Whether a unit is one of a layer of the network, not an input."""
    sizes = model.network.sizes
    return unit is not None and 0 < unit.layer < len(sizes) and unit.number < sizes[unit.layer]


def _pre_activation(model: NetworkModel, theta: Array, unit: Unit, rows: int, columns: int, domain: Domain) -> Array:
    """A unit's pre-activation (rows, columns) over the plane."""
    with np.errstate(all="ignore"):
        a, _ = model.network.forward(theta, grid_points(rows, columns, domain))
    return np.asarray(a[unit.layer - 1][:, unit.number].reshape(rows, columns))


def by_class(model: NetworkModel) -> bool:
    """Whether the outputs are one for each class."""
    return model.network.sizes[-1] > 1 and classifies(model)


def shown_output(model: NetworkModel, outputs: Array) -> Array:
    """The class of the largest of several outputs, or the first output (…, outputs) → (…)."""
    return outputs.argmax(-1) if by_class(model) else outputs[..., 0]


def _levels(model: NetworkModel) -> tuple[float, float]:
    """The neutral value of a map, and the distance from it at which colours are full."""
    y = model.data.y[:, 0]
    if model.data.labels is not None:
        low, high = model.data.labels
    elif classifies(model):
        return threshold(model), 0.5
    else:
        low, high = float(y.min()), float(y.max())
    return (low + high) / 2, abs(high - low) / 2 or 1.0


def _points(view: View) -> tuple[int, int]:
    """Rows and columns of the points at which a map is worked out."""
    rows, columns = pixels(view.width, view.height, view.look)
    fine = rows * columns * view.lane.network.work <= FINE
    return rows, columns if fine else min(columns, max(view.width, 1))


def _resolution(model: NetworkModel, rows: int, columns: int) -> tuple[int, int]:
    cost = sum(layer.fan_in * layer.fan_out for layer in model.network.layers)
    coarser = max(1.0, math.sqrt(rows * columns * cost / WORK))
    return math.ceil(rows / coarser), math.ceil(columns / coarser)


def _over(model: NetworkModel, theta: Array, rows: int, columns: int, domain: Domain) -> Array:
    network, points = model.network, grid_points(rows, columns, domain)
    parts = np.array_split(points, math.ceil(len(points) * network.room / CACHED_BYTES))
    with np.errstate(all="ignore"):
        outputs = np.concatenate([network.outputs(theta, part) for part in parts])
    return shown_output(model, outputs).reshape(rows, columns)
