"""The exercise file: any network lane of any scenario, with its formulas, as Python that says what is to be done."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from nncore.activations import ACTIVATIONS
from nncore.losses import LOSSES
from nncore.model import NetworkModel
from nncore.optimizers import OPTIMIZERS
from nncore.schedules import SCHEDULES, Constant, Step
from nncore.training import Settings
from scenarios.file.loader import library
from scenarios.own_code.cases import beginning
from scenarios.own_code.exercise import Origin, exercise
from scenarios.runs.build import build
from tests.nncore.mistakes.draws import FROM_LOGITS, lane_of

SIGNATURES = {
    "forward": ["X", "W", "b"],
    "loss": ["output", "Y", "W"],
    "backward": ["A", "Z", "Y", "W"],
    "update": ["W", "b", "dW", "db", "state", "step"],
}
MADE = Settings(OPTIMIZERS["sgd"](0.1))


def text_of(lane):
    return exercise(lane, Origin("own", lane.id), Path("mine.py"))


def functions(text):
    """The docstrings of a file's functions, which do nothing but to say that they are not written."""
    found = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    assert {name: [one.arg for one in node.args.args] for name, node in found.items()} == SIGNATURES
    for node in found.values():
        assert [type(line) for line in node.body] == [ast.Expr, ast.Raise, ast.Return]
        assert ast.unparse(node.body[1]) == "raise NotImplementedError"
    return {name: ast.get_docstring(node) for name, node in found.items()}


def test_every_network_of_the_library_has_one():
    lanes = [lane for scenario in library() for lane in build(scenario) if isinstance(lane.model, NetworkModel)]
    assert len(lanes) > 50
    for lane in lanes:
        text = text_of(beginning(lane))
        assert set(functions(text)) == set(SIGNATURES)
        assert max(map(len, text.splitlines())) <= 120, lane.id
        assert text == "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_there_with_its_derivative(name):
    found = functions(text_of(lane_of((2, 3, 1), (name, "linear"), "squared", MADE)))
    assert ACTIVATIONS[name].formula in found["forward"]
    assert ACTIVATIONS[name].derivative_formula in found["backward"]


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_there_with_what_it_is_computed_from(name):
    lane = lane_of((2, 3, 2), ("tanh", FROM_LOGITS.get(name, "linear")), name, MADE)
    found = functions(text_of(lane))
    assert LOSSES[name].formula in found["loss"]
    assert ("A[2]" if name in FROM_LOGITS else "Z[2]") in found["loss"]
    assert ("the number of the class" in found["loss"]) == (name == "softmax_cross_entropy")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_is_there_with_its_constants(name):
    optimizer = OPTIMIZERS[name](0.0123456789)
    found = functions(text_of(lane_of((2, 1), ("linear",), "squared", Settings(optimizer))))["update"]
    assert "0.0123456789" in found
    assert all(part.strip() in found.replace("^step", "^1") for part in optimizer.rule(0).formula.split(", "))


def test_sums_means_penalties_schedules_and_frozen_layers_are_told():
    made = Settings(OPTIMIZERS["sgd"](0.1), Step(100, 0.5), l1=0.03, l2=0.2, frozen=frozenset({1}))
    found = functions(text_of(lane_of((2, 2, 1), ("relu", "tanh"), "absolute", made, reduction="sum")))
    assert "1/m" not in found["loss"] + found["backward"]
    assert "½ · 0.2 · Σ W² + 0.03 · Σ |W|" in found["loss"]
    assert "+ 0.2 · W[d] + 0.03 · sign(W[d])" in found["backward"]
    assert "σ′(A[2])" in found["backward"]
    assert "Layer 1 is frozen" in found["backward"]
    assert "α = 0.1 · 0.5^⌊t/100⌋" in found["update"]


def test_a_schedule_is_written_as_it_is_computed():
    assert Constant().formula == "1"
    more = {"step": (10, 0.5)}
    written = {name: made(*more.get(name, (10,))) for name, made in SCHEDULES.items() if name != "constant"}
    assert {name: schedule.formula for name, schedule in written.items()} == {
        "step": "0.5^⌊t/10⌋",
        "cosine": "(½ + ½ cos(π·t/10)), 0 from t = 10 on",
        "linear_to_zero": "(1 − t/10), 0 from t = 10 on",
    }


@pytest.mark.parametrize("origin", [Origin("by-hand"), Origin("./my file's.toml", "deep"), Origin("a", "ünï")])
def test_a_file_says_what_it_is_about(origin):
    assert Origin.of(f'"""x"""\n# gradstep exercise {origin}\nimport numpy\n') == origin


@pytest.mark.parametrize("text", ["", "# gradstep exercise", "# gradstep exercise 'a", "# gradstep exercise a b c d e"])
def test_what_says_nothing_of_the_kind(text):
    assert Origin.of(text) is None
