"""The quantities that an expression names: whether its references are valid, and their values at a step.

Claims, predictions and breakpoints are such expressions, called checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from nncore.arrays import Array
from nncore.slices import InSlices, Slices
from scenarios.errors import nearest, quoted
from scenarios.expressions.expression import Expression, ExpressionError
from scenarios.expressions.functions import Value
from scenarios.expressions.tree import Comparison, FirstStep, Logic, Node, Number, Quantity, is_truth, render
from scenarios.quantities.definitions import ENTRIES, QUANTITIES, numbered
from scenarios.quantities.lane_shape import LaneShape
from scenarios.quantities.measure import Measurement, epoch, measure

_JOIN = {"any": "or", "all": "and"}

Lookup = Callable[[Quantity], npt.ArrayLike]
FindFirst = Callable[[Expression], npt.ArrayLike]


def is_comparison(expression: Expression) -> bool:
    """Whether it is worth a truth value rather than a number."""
    return is_truth(expression.root)


def check(expression: Expression, shapes: Mapping[str, LaneShape]) -> Expression:
    """The same expression with `any.` and `all.` written out over the lanes, all its references being valid.

    The smallest comparison around an `any.` quantity becomes that comparison for each lane, joined by
    `or`; for `all.` by `and`. `shapes` has what there is of each lane. Raises ExpressionError.
    """
    return Expression(expression.text, _Checker(shapes).resolve(expression.root))


def require_number(expression: Expression) -> Expression:
    """The same expression, which is a number at every step, as what is watched is; raises ExpressionError."""
    if is_comparison(expression):
        raise ExpressionError(f"{quoted(expression.text)} is a condition; allowed: a number at every step")
    if expression.first_steps:
        raise ExpressionError('found "first_step", which looks at a whole run; allowed: a number at every step')
    return expression


def evaluate_check(expression: Expression, lookup: Lookup, first_step: FindFirst) -> Value | bool:
    """The value of an expression that `check` returned: truth values or numbers, a scalar or an array.

    `lookup(quantity)` and `first_step(condition)` give scalars or float arrays of one shape,
    say (seeds,), with nan for null. A comparison with nan is False; division by zero is inf or nan.
    """

    def read(leaf: Quantity | FirstStep) -> Value:
        if isinstance(leaf, FirstStep):
            value = first_step(Expression(render(leaf.condition), leaf.condition))
        else:
            value = lookup(leaf)
        return np.asarray(value, dtype=np.float64)

    with np.errstate(all="ignore"):
        result = np.asarray(expression.root.evaluate(read))
    return result if result.ndim else result.item()


@InSlices
def look_up(
    quantities: Iterable[Quantity], step: int, measurements: Mapping[str, Measurement]
) -> Slices[dict[Quantity, Array]]:
    """The value (…) of each quantity after `step` updates, measured of lanes by their ids; NaN of a lane not there."""
    of_all = measurements.values()
    anywhere, values = next(iter(of_all)), {}
    for quantity in quantities:
        lane, name = quantity.lane, quantity.name
        if lane is None:
            values[quantity] = epoch(of_all) if name == "epoch" else anywhere.full(step)
        elif lane in measurements:
            values[quantity] = yield from measure.slices(measurements[lane], name, quantity.indices)
        else:
            values[quantity] = anywhere.full(np.nan)
    return values


class _Checker:
    def __init__(self, shapes: Mapping[str, LaneShape]) -> None:
        self.lanes = list(shapes)
        self.shapes = shapes

    def resolve(self, root: Node) -> Node:
        resolved = self._resolve(root, inside_first_step=False)
        for quantity in _ranging(resolved):
            raise ExpressionError(f'{quoted(str(quantity))} needs a comparison, such as "{quantity} > 1"')
        return resolved

    def _resolve(self, node: Node, inside_first_step: bool) -> Node:
        match node:
            case Number():
                return node
            case Quantity():
                self._check(node)
                return node
            case FirstStep(condition):
                if inside_first_step:
                    raise ExpressionError(f'{quoted(render(node))} stands inside another "first_step"')
                return FirstStep(self._resolve(condition, inside_first_step=True))
        operands = tuple(self._resolve(operand, inside_first_step) for operand in node.operands)
        resolved = replace(node, operands=operands)
        return self._write_out(resolved) if isinstance(resolved, Comparison) else resolved

    def _write_out(self, comparison: Comparison) -> Node:
        ranges = {quantity.lane for operand in comparison.operands for quantity in _ranging(operand)}
        if not ranges:
            return comparison
        if len(ranges) == 2:
            raise ExpressionError(f'{quoted(render(comparison))} has both "any." and "all."; use one of them')
        each = [
            replace(comparison, operands=tuple(_bind(operand, lane) for operand in comparison.operands))
            for lane in self.lanes
        ]
        return Logic(_JOIN[ranges.pop() or ""], tuple(each)) if len(each) > 1 else each[0]

    def _check(self, quantity: Quantity) -> None:
        self._check_lane(quantity)
        self._check_name(quantity)
        for lane in self.lanes if quantity.lane in _JOIN else [quantity.lane] if quantity.lane else []:
            self._check_indices(quantity, lane, self.shapes[lane])
        if quantity.lane is None and quantity.indices:
            raise ExpressionError(f'"{quantity.name}" takes no [layer]; those that do: {_per_layer()}')

    def _check_lane(self, quantity: Quantity) -> None:
        if quantity.lane is not None and quantity.lane not in (*self.lanes, *_JOIN):
            known = [*self.lanes, *_JOIN]
            raise ExpressionError(
                f"unknown lane {quoted(quantity.lane)} in {quoted(str(quantity))}; "
                f"known: {', '.join(known)}{nearest(quantity.lane, known)}"
            )

    def _check_name(self, quantity: Quantity) -> None:
        of_lane = quantity.lane is not None
        if of_lane and (numbered(quantity.name) or any(quantity.name in one.variables for one in self._of(quantity))):
            return
        known = [name for name, definition in QUANTITIES.items() if definition.of_lane == of_lane]
        if quantity.name in known:
            return
        if numbered(quantity.name):
            example = f"{next(iter(self.lanes))}.{Quantity(None, quantity.name, quantity.indices)}"
            raise ExpressionError(f'"{quantity.name}" needs a lane, such as "{example}"')
        if quantity.name not in QUANTITIES:
            kind = "quantity" if of_lane else "quantity without a lane"
            raise ExpressionError(
                f"unknown {kind} {quoted(quantity.name)}; known: {', '.join([*known, *self._entries(quantity)])}"
                f"{nearest(quantity.name, known)}"
            )
        if of_lane:
            raise ExpressionError(f'"{quantity.name}" stands alone, without the lane in {quoted(str(quantity))}')
        example = ".".join([*self.lanes[:1], quantity.name])
        raise ExpressionError(f'"{quantity.name}" needs a lane, such as "{example}"')

    def _check_indices(self, quantity: Quantity, lane: str, shape: LaneShape) -> None:
        entry = numbered(quantity.name)
        if quantity.name in shape.variables:
            if quantity.indices:
                raise ExpressionError(f'"{quantity.name}" is a variable of lane "{lane}" and takes no brackets')
        elif quantity.name not in QUANTITIES and entry is None:
            names = f"has the variables {', '.join(shape.variables)}" if shape.variables else "has no variables"
            raise ExpressionError(f'lane "{lane}" {names}, not {quoted(str(quantity))}')
        elif entry is not None:
            self._check_entry(quantity, lane, shape, *entry)
        else:
            self._check_layer(quantity, lane, shape)

    def _check_layer(self, quantity: Quantity, lane: str, shape: LaneShape) -> None:
        definition = QUANTITIES[quantity.name]
        if not quantity.indices:
            if not definition.whole_network:
                raise ExpressionError(f'"{quantity.name}" needs a layer, such as "{lane}.{quantity.name}[1]"')
            return
        if not definition.per_layer:
            raise ExpressionError(f'"{quantity.name}" takes no [layer]; those that do: {_per_layer()}')
        _require_network(quantity, lane, shape)
        if len(quantity.indices) > 1 or not 1 <= quantity.indices[0] <= shape.layers:
            told = ",".join(map(str, quantity.indices))
            raise ExpressionError(f'lane "{lane}" has layers 1 to {shape.layers}, not {quoted(told)}')

    def _check_entry(self, quantity: Quantity, lane: str, shape: LaneShape, kind: str, layer: int) -> None:
        _require_network(quantity, lane, shape)
        if layer > shape.layers:
            raise ExpressionError(f'lane "{lane}" has layers 1 to {shape.layers}, not {quoted(str(quantity))}')
        if kind == "dead" and layer == shape.layers:
            hidden = f"1 to {layer - 1}" if layer > 1 else "none"
            raise ExpressionError(f'lane "{lane}" has hidden layers {hidden}, not {quoted(str(quantity))}')
        counts, counted = shape.counts(kind, layer), ENTRIES[kind].counts
        if len(quantity.indices) != len(counts):
            example = f"{lane}.{quantity.name}[{','.join('0' * len(counts))}]"
            raise ExpressionError(f'"{quantity.name}" needs {" and ".join(counted)}, such as "{example}"')
        for index, count, what in zip(quantity.indices, counts, counted, strict=True):
            if count is not None and index >= count:
                says = what.replace(" d", f" {layer or shape.layers}")
                raise ExpressionError(f"{quoted(str(quantity))}: {says} is one of 0 to {count - 1}, not {index}")

    def _of(self, quantity: Quantity) -> list[LaneShape]:
        """The shapes of the lanes that a quantity is of."""
        return [shape for lane, shape in self.shapes.items() if quantity.lane in (lane, *_JOIN)]

    def _entries(self, quantity: Quantity) -> list[str]:
        """How single numbers of the lanes of a quantity are written."""
        shapes = self._of(quantity)
        names = dict.fromkeys(name for shape in shapes for name in shape.variables)
        return [*names, *(["W1[0,0]", "b1[0]", "dW1[0,0]", "a1[0,0]", "…"] if any(one.sizes for one in shapes) else [])]


def _require_network(quantity: Quantity, lane: str, shape: LaneShape) -> None:
    if not shape.sizes:
        raise ExpressionError(f'lane "{lane}" is a function and has no layers for {quoted(str(quantity))}')


def _per_layer() -> str:
    return ", ".join(name for name, definition in QUANTITIES.items() if definition.per_layer)


def _ranging(node: Node) -> Iterator[Quantity]:
    """The `any.` and `all.` quantities under the node that no comparison under it contains."""
    if isinstance(node, Quantity) and node.lane in _JOIN:
        yield node
    elif not isinstance(node, Comparison):
        for operand in node.operands:
            yield from _ranging(operand)


def _bind(node: Node, lane: str) -> Node:
    """The node with the quantities of `_ranging` bound to one lane."""
    if isinstance(node, Quantity):
        return replace(node, lane=lane) if node.lane in _JOIN else node
    if isinstance(node, Number | FirstStep | Comparison):
        return node
    return replace(node, operands=tuple(_bind(operand, lane) for operand in node.operands))
