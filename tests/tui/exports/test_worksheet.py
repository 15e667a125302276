"""The worksheet asks for the numbers of the step, gives what is needed for them, and fits on a page."""

import math
import re

import pytest

from nncore.operations import operations
from nncore.timeline import Timeline
from nncore.trace import trace
from scenarios.file.loader import library_files, load, parse
from scenarios.runs.build import build
from tui.exports.worksheet import worksheet
from tui.session.cursor import Cursor
from tui.session.frame import Frame, LaneFrame
from tui.session.player import Player
from tui.session.tally import tally


def frame(scenario, step, front=0):
    """What the worksheet needs of a frame: the lane in front with the trace of a step."""
    lane = build(scenario)[front]
    state = Timeline(lane).state_at(step)
    own = LaneFrame(
        number=front,
        lane=lane,
        step=state.step,
        theta=state.theta,
        trace=trace(lane, state),
        operations=operations(lane.model),
        index=0,
        waiting=False,
        evaluation=None,
        curves=None,
    )
    return Frame(scenario, scenario.seed, (own,), Cursor(step, 0), step, Player(), tally(scenario, ()))


HAND = """
format = 1
name = "hand"
[data]
points = [[1, 2, 3], [2, -1, 0]]
[[lanes]]
id = "n"
hidden = [2]
activation = "relu"
optimizer = { name = "sgd", learning_rate = 0.1 }
l2 = 0.5
parameters = { W1 = [[1, 1], [-1, 0]], b1 = [0.5, 0], W2 = [[2, 3]], b2 = [-1] }
"""


def test_a_small_step_worked_by_hand(tmp_path):
    scenario = parse(HAND.encode(), "hand", tmp_path)
    exercise, key = worksheet(frame(scenario, 0))
    # sample 0: a₁ = (3.5, -1), z₁ = (3.5, 0), a₂ = 6, Lᵢ = ½·9; sample 1: a₁ = (1.5, -2), a₂ = 2, Lᵢ = ½·4
    for line in (
        "x = (1.000, 2.000), y = 3.000",
        "- W₁ = [1.000 1.000; -1.000 0], b₁ = (0.5000, 0)",
        "1. a₁ = W₁ x + b₁ = (**3.500**, **-1.000**)",
        "2. z₁ = max(a, 0) = (**3.500**, **0**)",
        "3. z₂ = a₂ = W₂ z₁ + b₂ = **6.000**",
        "4. Lᵢ = ½ Σ (z − y)² = **4.500**",
        "5. L = 1/2 · (Lᵢ + 2.000 of the other samples) + 4.000 of penalties = **7.250**",
        "6. δ₂ = 1/2 · (z − y) = **1.500**",
        "7. this sample's part of ∂L/∂W₂ = δ₂ z₁ᵀ = [**5.250** **0**], ∂L/∂b₂ = δ₂",
        "8. δ₁ = (W₂ᵀ δ₂) ⊙ σ′(a₁), σ′ = 1 if a > 0 else 0, = (**3.000**, **0**)",
        "9. this sample's part of ∂L/∂W₁ = δ₁ xᵀ = [**3.000** **6.000**; **0** **0**], ∂L/∂b₁ = δ₁",
        "10. ∂L/∂W₁[0,1] = **6.000** + (-2.000) of the other sample + 0.5000·1.000 of L2 = **4.500**",
        "11. W₁[0,1] ← 1.000 − α · **4.500** = **0.5500**",
        "12. ∂L/∂W₂[0,0] = **5.250** + 1.500 of the other sample + 0.5000·2.000 of L2 = **7.750**",
        "13. W₂[0,0] ← 2.000 − α · **7.750** = **1.225**",
    ):
        assert line in key
        blank = re.sub(r"\*\*.*?\*\*", "`________`", line)
        assert blank in exercise


def test_a_step_on_a_function():
    text = b'format = 1\nname = "f"\n[[lanes]]\nid = "a"\nlabel = "bowl"\noptimizer = { learning_rate = 0.25, '
    text += b'name = "sgd" }\nfunction = { expression = "x**2 + 3*y", start = { x = 2, y = -1 } }\n'
    exercise, key = worksheet(frame(parse(text, "f", None), 0))
    assert "# Answers: step 1 of bowl" in key
    assert "f(x, y) = `x**2 + 3*y` at x = 2.000, y = -1.000." in exercise
    assert "1. f(x = 2.000, y = -1.000) = **1.000**" in key
    assert "2. ∂f/∂x = **4.000**" in key
    assert "4. x ← 2.000 − α · **4.000** = **1.000**" in key
    assert "5. y ← -1.000 − α · **3.000** = **-1.750**" in key


def lanes():
    for file in library_files():
        for front in range(len(load(file.stem).lanes)):
            yield file.stem, front


@pytest.mark.parametrize(("name", "front"), list(lanes()))
def test_every_lesson_has_a_worksheet_of_one_page(name, front):
    exercise, key = worksheet(frame(load(name), 12, front))
    assert exercise.count("\n") == key.count("\n") < 80
    filled = re.escape(exercise.replace("# Exercise", "# Answers", 1)).replace("`________`", r"\*\*[^*]+\*\*")
    assert re.fullmatch(filled, key)
    assert exercise.count("`________`") >= 4
    assert "nan" not in key
    assert not re.search("[\ue000-\uf8ff]", exercise + key)


NUMBER = r"\(?(-?[\d.]+(?:e-?\d+)?)\)?"
PRE_ACTIVATION = re.compile(
    rf"a(\S+)\[\d+\] = {NUMBER}·z\S+\[\d+\](?: \+ {NUMBER} of the other \d+ terms)? \+ {NUMBER} of b\S+ = \*\*(\S+)\*\*"
)
GRADIENT = re.compile(rf"∂L/∂\S+ = \*\*(\S+)\*\* \+ {NUMBER} of the other \d+ samples = \*\*(\S+)\*\*")


def test_what_is_given_and_asked_for_adds_up():
    key = worksheet(frame(load("disc-depth"), 200, 1))[1]
    sums = 0
    for found in PRE_ACTIVATION.finditer(key):
        weight, rest, bias, total = (float(part or 0) for part in found.groups()[1:])
        before = key[: found.start()].splitlines()[-2]
        z = float(re.search(r"\*\*(\S+)\*\*$", before)[1])
        assert weight * z + rest + bias == pytest.approx(total, abs=2e-3)
        sums += 1
    for found in GRADIENT.finditer(key):
        own, others, total = map(float, found.groups())
        assert own + others == pytest.approx(total, rel=1e-2, abs=1e-6)
        sums += 1
    assert sums == 3 + 4


@pytest.mark.parametrize(
    "optimizer",
    [
        '{ name = "sgd", momentum = 0.9 }',
        '{ name = "sgd", momentum = 0.9, nesterov = true }',
        '{ name = "adam" }',
        '{ name = "rmsprop" }',
        '{ name = "adagrad" }',
    ],
)
def test_an_update_of_any_optimizer_can_be_worked_out_from_the_sheet(optimizer):
    exercise, answers = worksheet(frame(load("by-hand", [f"lanes.hand.optimizer = {optimizer}"]), 3))
    changes = [line for line in answers.splitlines() if "←" in line and line[0].isdigit()]
    assert len(changes) == 2
    for line in changes:
        terms, after = line.split(" ← ")[1].replace("**", "").split(",")[0].split(" = ")
        terms = re.sub(r"(-[\d.e]+)²", r"(\1)²", terms)
        plain = terms.replace("−", "-").replace("·", "*").replace("²", "**2").replace("√", "sqrt")
        plain = re.sub(r"sqrt([\d.e-]+)", r"sqrt(\1)", plain)
        assert eval(plain, {"sqrt": math.sqrt}) == pytest.approx(float(after), rel=2e-3)
    assert all("`________`" in line for line in exercise.splitlines() if "←" in line and line[0].isdigit())
