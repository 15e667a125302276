"""Every mistake of the catalogue in recorded steps of random networks; and steps that are right but for rounding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

from nncore.arrays import Array
from nncore.model import NetworkModel
from nncore.operations import OperationKind
from scenarios.own_code.causes import RecordedCase
from scenarios.own_code.reference import Line, completed, lines, numbers
from scenarios.own_code.tolerance import Tolerance
from tests.nncore.mistakes.draws import Draw, draws
from tests.nncore.mistakes.planted import PLANTED, cases

EXACT = Tolerance.of(float(np.finfo(np.float64).eps))
FEW, MORE = 60, 250
"""How many wrong arrays of a mistake are looked at, spread over all that it makes."""


def model_of(p: Draw) -> NetworkModel:
    assert isinstance(p.lane.model, NetworkModel)
    return p.lane.model


def case(p: Draw, recorded: dict[str, Array]) -> RecordedCase:
    return RecordedCase(p.lane, model_of(p), p.trace, recorded, p.before.gradient, EXACT)


def line_of(p: Draw, kind: OperationKind, layer: int, wrong: Array) -> Line:
    """The array of an operation; an update makes two."""
    of = [one for one in lines(model_of(p)) if (one.operation.kind, one.operation.layer) == (kind, layer)]
    return of[-1] if len(of) > 1 and wrong.ndim == 1 else of[0]


def planted(name: str, most: int) -> Iterator[tuple[Draw, Line, Array]]:
    made = list(cases(name))
    for p, operation, wrong in made[:: -(-len(made) // most)]:
        yield p, line_of(p, operation.kind, operation.layer, wrong), wrong


@pytest.mark.parametrize("name", PLANTED)
def test_a_mistake_in_a_recorded_step_is_found_where_it_was_made(name: str) -> None:
    seen: Counter[str | None] = Counter()
    for p, line, wrong in planted(name, FEW):
        own = numbers(model_of(p), p.trace)
        if wrong.shape != own[line.name].shape and line.kind == "update":
            continue
        made = completed(model_of(p), p.trace, {line.name: wrong})
        recorded = {**numbers(model_of(p), made), line.name: wrong}
        if name == "updated-weights":
            recorded |= {f"W{d}": w for d, w in p.after_W.items()}
        fault, conventions = case(p, recorded).judged()
        if fault is None:
            assert conventions or EXACT.near(own[line.name], wrong, p.trace.change), (line, name)
            continue
        assert fault.line == line, (name, fault)
        seen[fault.mistake] += 1
    assert seen[name] >= 10
    assert seen[name] > 0.4 * seen.total(), seen  # the rest is another mistake that makes the same numbers


@pytest.mark.parametrize("forgotten", [(), ("a", "z"), ("a", "z", "delta"), ("a", "z", "delta", "dW", "db"), ("loss",)])
def test_a_right_step_is_never_accused(forgotten: tuple[str, ...]) -> None:
    rng = np.random.default_rng(0)
    for p in draws():
        right = numbers(model_of(p), p.trace)
        rounded = {name: array * (1 + 4e-16 * rng.standard_normal(array.shape)) for name, array in right.items()}
        recorded = {name: array for name, array in rounded.items() if name.rstrip("0123456789") not in forgotten}
        fault, conventions = case(p, recorded).judged()
        assert fault is None, fault
        assert conventions == ()


HIDDEN = (
    "no-derivative",
    "derivative-of-z",
    "weights-transposed",
    "updated-weights",
    "no-mean",
    "bias-mean",
    "one-sample",
)


@pytest.mark.parametrize("name", HIDDEN)
def test_a_mistake_shows_in_the_weights_where_nothing_else_was_recorded(name: str) -> None:
    told, total = 0, 0
    for p, line, wrong in planted(name, MORE):
        own = numbers(model_of(p), p.trace)
        if line.kind not in ("delta", "dW", "db") or wrong.shape != own[line.name].shape:
            continue
        made = numbers(model_of(p), completed(model_of(p), p.trace, {line.name: wrong}))
        recorded = {other: array for other, array in made.items() if other == "loss" or other[0] in "Wb"}
        if name == "updated-weights":
            recorded |= {f"W{d}": w for d, w in p.after_W.items() if d > line.operation.layer}
        fault, _ = case(p, recorded).judged()
        if fault is not None:
            assert fault.line.kind == "update"
            told += fault.mistake == name
            total += 1
    assert total >= 10
    assert told > 0.7 * total
