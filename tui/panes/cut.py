"""A cut through a network along one input: its output there while the other inputs stay those of a sample."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

import numpy as np

from nncore.arrays import Array
from nncore.model import NetworkModel
from tui.explain.names import input_name as named_input
from tui.explain.names import input_said, output_name
from tui.explain.notation import subscript as sub
from tui.explain.sample import inspect_sample, sample_pass
from tui.panes.confusion import predicted_classes
from tui.panes.features import drawn
from tui.panes.pane import INSIDE, Drawing, Hint, Pane, View
from tui.panes.plane import WORK
from tui.render.axes import GUTTER
from tui.render.charts import line_chart
from tui.render.numbers import num
from tui.render.plot import with_selected
from tui.render.selection import Along, Confused, Sample
from tui.render.series import Series
from tui.render.ticks import span, widened


def along_of(view: View) -> Along | None:
    """The cut that is selected, if this lane's network has it."""
    along = view.selection
    if not isinstance(along, Along) or view.lane.is_function:
        return None
    model = view.lane.network
    return along if along.sample < model.samples and along.input < model.network.sizes[0] else None


class CutPicture(Pane):
    """The first output along the selected input; of classes the sample's own, and the largest of the others."""

    title = "function"
    inside: ClassVar[tuple[Hint, ...]] = (
        ("← →", "input", ""),
        ("↑ ↓", "sample", ""),
        ("enter", "back", "enter"),
        *INSIDE[1:],
    )

    def draw(self, view: View) -> Drawing:
        along, lane, palette = _along(view), view.lane, view.look.palette
        model = lane.network
        own, name = model.data.x[along.sample, along.input], input_name(view, along.input)
        grid = np.linspace(*_limits(model, along), _points(model, max(view.width - GUTTER, 1)))
        heights = _outputs(view, along, grid)
        what = _what(model, along)
        series = [Series(what, grid, heights[0], index=lane.number)]
        if by_class(model):
            series.append(Series("best other", grid, heights[1], index=lane.number + 1, muted=True, color=palette.text))
            heights_range = 0.0, 1.0
        else:
            y = model.data.y[:, 0]
            series.append(
                Series(output_name(model.data), np.array([own]), y[[along.sample]], "cloud", 1, color=palette.accent)
            )
            heights_range = span([y, heights[0]])
        chart = line_chart(
            series,
            view.width,
            view.height,
            view.look,
            x_label=name,
            x_range=(float(grid[0]), float(grid[-1])),
            y_range=heights_range,
            moving=True,
        )
        here = float(_outputs(view, along, np.array([own]))[0, 0])
        lines = with_selected(chart, float(own), here, view.look).lines
        titles = (
            f"{self.title} · {what} along {name}, the rest as in sample {along.sample}",
            f"{self.title} · {what} along {name}, sample {along.sample}",
            f"along {name}, sample {along.sample}",
            f"along {name}",
            name,
        )
        return Drawing(lines, titles)

    def move(self, view: View, across: int, down: int) -> Hashable:
        """Left and right go to another input, up and down to another sample; enter goes back to all of them."""
        along, model = _along(view), view.lane.network
        if across:
            return Along(along.sample, min(max(along.input + across, 0), model.network.sizes[0] - 1))
        if not by_class(model):
            return (
                Along(_next(np.array(drawn(model)), along.sample, down), along.input) if down else Sample(along.sample)
            )
        shown, true, predicted = predicted_classes(view)
        own = int(model.targets[along.sample].argmax())
        now = int(sample_pass(view.lane, along.sample).z[-1].argmax())
        alike = np.array(shown)[(true == own) & (predicted == now)]
        return Along(_next(alike, along.sample, down), along.input) if down else Confused(own, now)

    def pick(self, view: View, x: int, y: int) -> Hashable:
        return view.selection

    def explain(self, view: View) -> str:
        along, model = _along(view), view.lane.network
        name, own = input_name(view, along.input), model.data.x[along.sample, along.input]
        low, high = _limits(model, along)
        at_low, here, at_high = _outputs(view, along, np.array([low, own, high]))[0].tolist()
        wanted = "" if by_class(model) else f", {output_name(model.data)} = {num(model.data.y[along.sample, 0])}"
        ends = f"{num(at_low)} at {name} = {num(low)}, {num(at_high)} at {num(high)}"
        here_said = input_said(model.data, model.data.x[along.sample], along.input)
        here_said = here_said if model.data.names.inputs else f"{name} = {num(own)}"
        place = f"{_what(model, along)} = {num(here)} at its {here_said}{wanted}"
        return f"sample {along.sample}: {place}; the others held: {ends}"

    def inspect(self, view: View) -> list[tuple[str, ...]]:
        return inspect_sample(view.lane, _along(view).sample, view.look.ascii)


def _along(view: View) -> Along:
    along = along_of(view)
    assert along is not None
    return along


def by_class(model: NetworkModel) -> bool:
    """Whether the outputs are the shares of classes."""
    return model.loss.output == "softmax"


def input_name(view: View, number: int) -> str:
    """An input by its column in the file that the data come from, else by its place in x."""
    source, data = view.frame.scenario.data, view.lane.network.data
    if source is not None and source.key == "csv" and not data.names.inputs:
        return f"x{number + 1}"
    return named_input(data, number)


def _what(model: NetworkModel, along: Along) -> str:
    """The output that is drawn."""
    z = f"z{sub(model.network.depth)}"
    if by_class(model):
        return f"{z}[{int(model.targets[along.sample].argmax())}]"
    return z if model.network.sizes[-1] == 1 else f"{z}[0]"


def _limits(model: NetworkModel, along: Along) -> tuple[float, float]:
    """The range of the input, the sample's own value in it."""
    (low, high), own = model.data.domain[along.input], float(model.data.x[along.sample, along.input])
    return widened(min(low, own), max(high, own))


def _points(model: NetworkModel, columns: int) -> int:
    """Two points a column, fewer where the network is large."""
    return max(min(2 * columns + 1, int(WORK // model.work)), 2)


def _outputs(view: View, along: Along, grid: Array) -> Array:
    """The output that is drawn at places of the input (g,), and below it the largest other one, if any: (1 or 2, g)."""
    model = view.lane.network
    x = np.repeat(model.data.x[along.sample][None], len(grid), axis=0)
    x[:, along.input] = grid
    with np.errstate(all="ignore"):
        outputs = model.network.outputs(view.lane.theta, x)
    if not by_class(model):
        return np.asarray(outputs[:, :1].T)
    own = int(model.targets[along.sample].argmax())
    return np.stack([outputs[:, own], np.delete(outputs, own, axis=1).max(axis=1)])


def _next(numbers: Array, number: int, down: int) -> int:
    """The next of rising numbers, down to larger ones; the same where there is none."""
    ahead = numbers[numbers > number][:1] if down > 0 else numbers[numbers < number][-1:]
    return int(ahead[0]) if len(ahead) else number
