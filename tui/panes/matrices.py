"""The panes weights and gradients: per layer heat maps, centred on 0."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

import numpy as np

from nncore.arrays import Array
from nncore.network import Layer, Network
from nncore.operations import Phase
from nncore.parameters import parameter_symbol
from scenarios.guide import Target
from tui.explain.notation import subscript
from tui.explain.sums import gradient_terms
from tui.explain.update_rule import update_rule
from tui.keymap.own_keys import keyed
from tui.panes.marks import pointed
from tui.panes.pane import INSIDE, NOTHING, Drawing, Pane, View, message, short_name
from tui.render.heatmap import Entry, HeatMap, heatmaps
from tui.render.matrix_cells import Block
from tui.render.numbers import num
from tui.session.frame import LaneFrame

LEGEND = (
    ("blue, orange", "positive and negative, the brighter the larger; ± in the border is the largest magnitude"),
    ("+ * #", "positive, small to large, where a cell has no room for its number, without colour"),
    ("− = ≡", "negative; without colour small to large"),
    ("·", "0, or nearly"),
    ("÷7", "seven entries share a cell, which shows the largest magnitude among them"),
    ("− deep", "in the border: the lane deep is subtracted, entry by entry"),
    ("W b", "a row is a unit, a column an input of it; the column apart is the bias"),
)
FEW, MANY = 4, 17
"""Significant digits of numbers, and of those that are nearly equal."""

ROUNDING = 1e-12
"""Numbers this small beside 1 are what rounding leaves."""


class _Matrices(Pane):
    """Blocks of a vector shaped like θ."""

    letters = ("W", "b")

    def values(self, lane: LaneFrame) -> Array:
        raise NotImplementedError

    def computed(self, lane: LaneFrame) -> np.ndarray:
        """Which of the values (P,) there are at the cursor; the others are 0."""
        raise NotImplementedError

    def current(self, lane: LaneFrame, layer: int) -> bool:
        raise NotImplementedError

    def depends(self, view: View) -> tuple[object, ...]:
        other = view.subtracted
        return (*super().depends(view), *(super().depends(replace(view, lane=other)) if other else ()))

    def draw(self, view: View) -> Drawing:
        other, title = view.subtracted, self.title
        if self._empty(view.lane):
            return message(keyed(NOTHING), view, title)
        if other is not None:
            title = f"{title} − {short_name(other.lane)}"
            if (apart := unlike(view.lane, other)) is not None:
                return message(apart, view, title)
        heat = self._heat(view)
        if not self._computed(view).any():
            return Drawing(heat.lines, (title, ""), heat.captions)
        scale = self._scale(view)
        largest = "all 0" if scale == 0.0 or (scale <= ROUNDING and not other) else f"±{num(scale)}"
        less = "" if other is None else f"− {short_name(other.lane)} "
        return Drawing(heat.lines, (f"{title} {largest}", f"{less}{largest}", less.strip()), heat.captions)

    def move(self, view: View, across: int, down: int) -> Hashable:
        blocks, selected = self._blocks(view), self._selected(view)
        if selected is None:
            return Entry(next((i for i, b in enumerate(blocks) if b.current), 0), 0, 0)
        block, row, column = selected
        columns = _columns(blocks[block])
        column += across
        if not 0 <= column < columns and 0 <= block + across < len(blocks):
            block += across
            column = 0 if across > 0 else _columns(blocks[block]) - 1
        row = min(max(row + down, 0), len(blocks[block].matrix) - 1)
        return Entry(block, row, min(max(column, 0), _columns(blocks[block]) - 1))

    def pick(self, view: View, x: int, y: int) -> Hashable:
        return None if self._empty(view.lane) else self._heat(view).entry(x, y)

    def inspect(self, view: View) -> list[tuple[str, ...]]:
        from tui.explain.parameter import inspect_parameter

        selected = self._selected(view)
        if selected is None:
            return super().inspect(view)
        return inspect_parameter(view.lane, entry_of_theta(view.lane, selected), view.look.ascii)

    def _empty(self, lane: LaneFrame) -> bool:
        """Whether nothing of this was computed since step 0."""
        return lane.operation is None and not self.computed(lane).any()

    def _heat(self, view: View) -> HeatMap:
        targets = [target for target in pointed(view.frame, self.kind, view.lane) if target.name != self.kind]
        blocks = [_marked(block, number, targets) for number, block in enumerate(self._blocks(view), 1)]
        entries = [entry_of(view.lane.network.network, target) for target in targets if target.index]
        scale, selected = self._scale(view) or ROUNDING, self._selected(view)
        return heatmaps(blocks, view.width, view.height, scale, view.look, selected, entries)

    def _selected(self, view: View) -> Entry | None:
        """The selected entry, if this lane has it."""
        entry, blocks = view.selection, self._blocks(view)
        if not isinstance(entry, Entry) or entry.block >= len(blocks):
            return None
        block = blocks[entry.block]
        return entry if entry.row < len(block.matrix) and entry.column < _columns(block) else None

    def _values(self, view: View) -> Array:
        """The values of the lane, or how far they are from those of the one that is subtracted."""
        values, other = self.values(view.lane), view.subtracted
        if other is None or unlike(view.lane, other):
            return values
        with np.errstate(all="ignore"):
            return np.where(self._computed(view), values - self.values(other), 0.0)

    def _computed(self, view: View) -> np.ndarray:
        computed, other = self.computed(view.lane), view.subtracted
        return computed if other is None or unlike(view.lane, other) else computed & self.computed(other)

    def _scale(self, view: View) -> float:
        """The largest magnitude; of what is but rounding, a scale on which it is dark, unless it is a difference."""
        values, least = np.abs(self._values(view)), 0.0 if view.subtracted else ROUNDING
        return float(values.max(where=np.isfinite(values), initial=least))

    def _apart(self, view: View) -> str:
        """What is selected, subtracted; "" where nothing is."""
        selected, other = self._selected(view), view.subtracted
        if selected is None or other is None or unlike(view.lane, other):
            return ""
        at, lane = entry_of_theta(view.lane, selected), view.lane
        name = f"{'∂L/∂' if self.letters[0] == '∂W' else ''}{parameter_symbol(lane.lane.model, at)}"
        if not self._computed(view)[at]:
            return f"{name}: the backward pass of step {lane.trace.step + 1} has not reached it yet"
        one, two = self.values(lane)[at], self.values(other)[at]
        names = f"{name} of {short_name(lane.lane)} − that of {short_name(other.lane)}"
        digits = MANY if abs(one - two) < 1e-3 * max(abs(one), abs(two)) else FEW
        return f"{names} = {one:.{digits}g} - {_bracketed(two, digits)} = {num(one - two)}"

    def _blocks(self, view: View) -> list[Block]:
        lane, values, computed = view.lane, self._values(view), self._computed(view)
        if lane.is_function:
            return [
                Block(name, values[None, None, i], None, not computed[i], self.current(lane, 0))
                for i, name in enumerate(lane.function.names)
            ]
        network = lane.network.network
        parts = zip(network.layers, network.split(values), network.split(computed), strict=True)
        return [self._block(lane, layer, *value, *known) for layer, value, known in parts]

    def _block(
        self, lane: LaneFrame, layer: Layer, w: Array, b: Array, known_w: np.ndarray, known_b: np.ndarray
    ) -> Block:
        """W and b of a layer as they are drawn, and which of their entries are computed."""
        d, current = subscript(layer.number), self.current(lane, layer.number)
        matrix, bias = _laid(layer, w, b)
        known, known_bias = _laid(layer, known_w, known_b)
        computed = known if known_bias is None else np.column_stack((known, known_bias))
        name = f"{self.letters[0]}{d}{'ᵀ' if _lies(layer) else ''} {self.letters[1]}{d}"
        return Block(name, matrix, bias, not computed.any(), current, None if computed.all() else computed)


def unlike(one: LaneFrame, other: LaneFrame) -> str | None:
    """Why two lanes cannot be subtracted entry by entry; None where they can."""
    if one.is_function or other.is_function:
        same = one.is_function and other.is_function and one.function.names == other.function.names
    else:
        same = one.network.network.sizes == other.network.network.sizes
    if same:
        return None
    made = [
        f"{short_name(lane.lane)} is "
        + (
            f"a function of {', '.join(lane.function.names)}"
            if lane.is_function
            else "-".join(map(str, lane.network.network.sizes))
        )
        for lane in (one, other)
    ]
    return f"{', '.join(made)}: other shapes, which cannot be subtracted entry by entry."


def _bracketed(value: float, digits: int) -> str:
    text = f"{value:.{digits}g}"
    return f"({text})" if value < 0 else text


def _laid(layer: Layer, w: Array, b: Array) -> tuple[Array, Array | None]:
    """Matrix and bias as they are drawn: a tall matrix lies on its side, its bias below it."""
    return (np.vstack((w.T, b)), None) if _lies(layer) else (w, b)


def _lies(layer: Layer) -> bool:
    """Whether a layer has so many more units than inputs that its matrix is drawn transposed."""
    return layer.fan_out > 4 * (layer.fan_in + 1)


def _marked(block: Block, layer: int, targets: Sequence[Target]) -> Block:
    """A layer's block, told which of W and b the guide points at."""
    spoken = {target.name[-1] for target in targets if target.layer == layer}
    return replace(block, pointed=frozenset("Wb".index(letter) for letter in spoken))


def entry_of(network: Network, target: Target) -> Entry:
    """The cell of an entry of W or b, or of its gradient, that a target names."""
    layer = network.layers[target.layer - 1]
    row, column = target.index if len(target.index) == 2 else (target.index[0], layer.fan_in)
    return Entry(target.layer - 1, *((column, row) if _lies(layer) else (row, column)))


def _columns(block: Block) -> int:
    return block.matrix.shape[1] + (block.bias is not None)


def entry_of_theta(lane: LaneFrame, selected: Entry) -> int:
    """Which entry of θ a selected cell is."""
    if lane.is_function:
        return selected.block
    layer = lane.network.network.layers[selected.block]
    if _lies(layer):
        selected = Entry(selected.block, selected.column, selected.row)
    return layer.index(selected.row, None if selected.column == layer.fan_in else selected.column)


class WeightsPane(_Matrices):
    kind = "weights"
    title = "weights"
    purpose = "every weight and bias: blue is +, orange is −"
    legend = LEGEND
    inside = (*INSIDE[:-1], ("e", "set it", "edit"), INSIDE[-1])

    def values(self, lane: LaneFrame) -> Array:
        return lane.theta

    def computed(self, lane: LaneFrame) -> np.ndarray:
        return np.ones(lane.theta.size, dtype=bool)

    def current(self, lane: LaneFrame, layer: int) -> bool:
        operation = lane.operation
        return operation is not None and operation.layer == layer and (layer > 0 or operation.phase is Phase.UPDATE)

    def explain(self, view: View) -> str:
        lane, selected = view.lane, self._selected(view)
        if selected is None or (apart := self._apart(view)):
            return "" if selected is None else apart
        at = entry_of_theta(lane, selected)
        name, now, start = parameter_symbol(lane.lane.model, at), lane.theta[at], lane.lane.start[at]
        trace = lane.trace
        if now == trace.after[at] != trace.theta[at]:
            rule = update_rule(trace, name, at)
            return f"{name} in step {trace.step + 1}{rule.given}: {rule.terms} = {num(now)}"
        text = f"{name} = {num(now)}   at step 0: {num(start)}"
        if now != trace.theta[at] and lane.step:
            return f"{text}   set by an edit at step {lane.step}"
        return text


class GradientsPane(_Matrices):
    kind = "gradients"
    title = "gradients"
    purpose = "∂L/∂W, ∂L/∂b of this batch, dimmed until computed"
    legend = (*LEGEND, ("dark", "the backward pass has not come to it"))
    letters = ("∂W", "∂b")

    def values(self, lane: LaneFrame) -> Array:
        return np.where(lane.gradient_reached, lane.trace.gradient, 0.0)

    def computed(self, lane: LaneFrame) -> np.ndarray:
        return lane.gradient_reached

    def current(self, lane: LaneFrame, layer: int) -> bool:
        operation = lane.operation
        return operation is not None and operation.phase is Phase.BACKWARD and operation.layer in (layer, 0)

    def explain(self, view: View) -> str:
        lane, selected = view.lane, self._selected(view)
        if selected is None or (apart := self._apart(view)):
            return "" if selected is None else apart
        at = entry_of_theta(lane, selected)
        name = parameter_symbol(lane.lane.model, at)
        if not lane.gradient_reached[at]:
            return f"∂L/∂{name}: the backward pass of step {lane.trace.step + 1} has not reached it yet"
        return f"∂L/∂{name} = {gradient_terms(lane.lane.model, lane.trace, at)} = {num(lane.trace.gradient[at])}"
