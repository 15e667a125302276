"""Every number that is asked for can be worked out from what the sheet shows, in the digits that it shows."""

import re

import numpy as np
import pytest

from nncore.network import activation_named
from nncore.operations import OperationKind
from scenarios.file.loader import library_files, load
from tests.tui.lesson.test_fill_in import RATE, SIX, THREE, frame, tiny
from tui.dialogs.fill_in_lines import fill_in_lines
from tui.lesson.fill_in import begin
from tui.lesson.judged import judged
from tui.render.numbers import num
from tui.render.palette import look


def shown(fill_in, pattern, default=None):
    """The numbers of the first matrix whose title matches, as they are printed."""
    for grid in fill_in.sheet.given:
        if re.match(pattern, grid.title):
            return np.array([[float(num(value)) for value in row] for row in grid.values])
    return default


def constant(fill_in, name):
    found = re.search(rf"\b{name} = (\S+)", " · ".join(fill_in.sheet.notes))
    return float(found[1]) if found else 0.0


def derivative(name, a, z):
    out = np.empty_like(a)
    activation_named(name).derivative(a, z, out)
    return out


def worked_out(fill_in):
    """What the asked cells should be, from the printed matrices: an array of the asked rows and columns."""
    lane, operation = fill_in.lane, fill_in.lane.operations[fill_in.index]
    model, d = lane.network, operation.layer
    name = model.network.activations[d - 1]
    others = shown(fill_in, "the other.*add", 0.0)
    match operation.kind:
        case OperationKind.PRE_ACTIVATION:
            return shown(fill_in, "Z") @ shown(fill_in, "W").T + shown(fill_in, "b") + others
        case OperationKind.ACTIVATION:
            if name == "softmax":
                return softmax(fill_in)
            z = np.empty_like(shown(fill_in, "A"))
            activation_named(name).value(shown(fill_in, "A"), z)
            return z
        case OperationKind.LOSS:
            z, y = shown(fill_in, "Z"), shown(fill_in, "Y")
            losses = -np.log((z * y).sum(1)) if name == "softmax" else model.loss.value(shown(fill_in, "A", z), z, y)
            total = losses.sum() + sum(shown_all(fill_in, "the other.*add"))
            penalty = 0.5 * constant(fill_in, "l2") * shown(fill_in, "Σ W²", 0.0)
            penalty = penalty + constant(fill_in, "l1") * shown(fill_in, r"Σ \|W\|", 0.0)
            m = re.search(r"mean over m = (\d+)", fill_in.sheet.notes[0])
            return np.reshape(total / (int(m[1]) if m else 1) + penalty, (1, 1))
        case OperationKind.OUTPUT_DELTA:
            z, y = shown(fill_in, "Z"), shown(fill_in, "Y")
            delta = np.empty_like(z)
            model.loss.derivative(z, y, delta)
            m = re.search(r"mean over m = (\d+)", fill_in.sheet.notes[0])
            slope = 1.0 if "logits" in fill_in.sheet.notes[0] or name == "linear" else None
            slope = derivative(name, shown(fill_in, "A"), z) if slope is None else slope
            return delta / (int(m[1]) if m else 1) * slope
        case OperationKind.DELTA:
            back = shown(fill_in, "Δ") @ shown(fill_in, "W") + others
            return back * derivative(name, shown(fill_in, "A"), shown(fill_in, "Z"))
        case OperationKind.WEIGHT_GRADIENT:
            w = shown(fill_in, "W", 0.0)
            penalty = constant(fill_in, "l2") * w + constant(fill_in, "l1") * np.sign(w)
            return shown(fill_in, "Δ").T @ shown(fill_in, "Z") + others + penalty
        case OperationKind.BIAS_GRADIENT:
            return shown(fill_in, "Δ").sum(0, keepdims=True) + others
    stacked = shown(fill_in, "unit")
    parts = stacked[1:, None] if stacked is not None else np.stack([shown(fill_in, "g"), *memory(fill_in)])
    optimizer, trace = lane.trace.settings.optimizer, lane.trace
    change, _ = optimizer.update(parts[0], parts[1:], constant(fill_in, "α"), trace.count)
    return change


def softmax(fill_in):
    """The shares of the units that are asked for."""
    powers = np.exp(shown(fill_in, "A"))
    total = powers.sum(1, keepdims=True) + shown(fill_in, "Σ eᵃ", 0.0)
    columns = [
        fill_in.sheet.given[0].columns.index(str(unit)) for unit in sorted({unit for _, unit in fill_in.entries})
    ]
    return (powers / total)[:, columns]


def shown_all(fill_in, pattern):
    return [np.sum(grid.values.round(12)) for grid in fill_in.sheet.given if re.match(pattern, grid.title)]


def memory(fill_in):
    names = fill_in.lane.trace.settings.optimizer.rule(0).state
    return [shown(fill_in, f"{name} before") for name in names]


def all_of(lane):
    """Every operation of a step, in one sample and in all where there are few."""
    for fill_in in (begin(lane, 0), begin(lane, 0) and begin(lane, 0).other_samples()):
        while fill_in is not None:
            yield fill_in
            fill_in = fill_in.next_operation()


def check(lane):
    for fill_in in all_of(lane):
        values = worked_out(fill_in).ravel()
        assert len(values) == len(fill_in.entries), fill_in.title
        for entry, value in zip(fill_in.entries, values, strict=True):
            judgement = judged(lane, fill_in.index, entry, float(value))
            assert judgement.right, (fill_in.title, entry, value, fill_in.value(entry), judgement.says)


@pytest.mark.parametrize("name", [file.stem for file in library_files()])
def test_every_lesson_shows_what_its_numbers_are_made_of(name):
    for number in range(len(load(name).lanes)):
        for step in (0, 7):
            lane = frame(name, step, number)
            if not lane.is_function and not lane.stopped:
                check(lane)


LANES = [
    f'hidden = [3, 2]\nactivation = "tanh"\noptimizer = {{ name = "sgd", {RATE}, momentum = 0.9 }}\nl2 = 0.01',
    f'hidden = [9]\nloss = "logistic"\noptimizer = {{ name = "adam", {RATE} }}\nl1 = 0.1',
    f'hidden = [7, 8]\nloss = "softmax_cross_entropy"\noptimizer = {{ name = "rmsprop", {RATE} }}',
    f'hidden = [2]\noutput = "tanh"\nloss = "huber"\nreduction = "sum"\noptimizer = {{ name = "adagrad", {RATE} }}',
]


@pytest.mark.parametrize("data", [THREE, SIX])
@pytest.mark.parametrize("lane", LANES)
def test_losses_optimizers_and_penalties_show_what_their_numbers_are_made_of(data, lane):
    check(tiny(data, lane, step=4))


@pytest.mark.parametrize("size", [(54, 16), (72, 20), (110, 34), (190, 53)])
@pytest.mark.parametrize("name", ["by-hand", "disc-depth", "saddle-noise", "vanishing-gradients"])
def test_what_is_given_is_in_view_at_every_size(name, size):
    """Of every operation the first row of each matrix and what is typed."""
    for ascii in (False, True):
        lane, drawing = frame(name, 2), look("dark", ascii, not ascii)
        fill_in = begin(lane, 0)
        while fill_in is not None:
            lines = fill_in_lines(fill_in.typed("17"), *size, drawing)
            text = ["".join(segment.text for segment in line) for line in lines]
            assert len(text) == size[1]
            assert {len(line) for line in text} == {size[0]}
            assert any("= 17█" in line for line in text)
            if size >= (72, 20):
                for grid in fill_in.sheet.given:
                    assert any(grid.title in line for line in text), (fill_in.title, grid.title)
            fill_in = fill_in.next_operation()
