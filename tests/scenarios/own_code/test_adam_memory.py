"""Adam's bias correction in the wrong place or at the wrong step, as learners write it, is told in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.file.loader import parse
from scenarios.own_code.calls import Plan
from scenarios.own_code.cases import beginning
from scenarios.own_code.check import check
from scenarios.runs.build import build
from tests.scenarios.own_code.learners import RIGHT

SCENARIO = """
format = 1
name = "adam"
[data]
kind = "xor"
samples = 12
[[lanes]]
id = "net"
hidden = [3]
batch_size = 5
loss = "squared"
optimizer = { name = "adam", learning_rate = 0.02 }
"""
UPDATE = """
def update(W, b, dW, db, state, step):
    new = {"W": {}, "b": {}}
    for name, theta, g in (("W", W, dW), ("b", b, db)):
        for d in theta:
            m, v = state.get((name, d), (0, 0))
            m, v = 0.9 * m + 0.1 * g[d], 0.999 * v + 0.001 * g[d] ** 2
            KEEP
            new[name][d] = theta[d] - 0.02 * m / (np.sqrt(v) + 1e-8)
    return new["W"], new["b"], state
"""
KEPT, CORRECTED = "state[name, d] = m, v", "m, v = m / (1 - 0.9**step), v / (1 - 0.999**step)"
LATE = "m, v = m / (1 - 0.9 ** (step - 1)), v / (1 - 0.999 ** (step))"
FORMS = [
    ((KEPT, CORRECTED), None, ""),
    ((CORRECTED, KEPT), "no-bias-correction", "the bias correction goes into what is remembered"),
    ((KEPT,), "no-bias-correction", "the bias correction is missing: divide m and v"),
    ((KEPT, LATE), "step-from-zero", "t is one too small in 1 − βᵗ of m"),
    ((KEPT, "m, v = m / (1 - 0.9**step), v / (1 - 0.999 ** (step - 1))"), "step-from-zero", "of v: this update"),
]


@pytest.mark.parametrize(("lines", "mistake", "words"), FORMS)
def test_where_the_bias_correction_is_wrong(
    tmp_path: Path, lines: tuple[str, ...], mistake: str | None, words: str
) -> None:
    file = tmp_path / "mine.py"
    file.write_text(RIGHT[: RIGHT.index("def update")] + UPDATE.replace("KEEP", ("\n" + 12 * " ").join(lines)))
    lane = beginning(build(parse(SCENARIO.encode(), "adam.toml", tmp_path))[0])
    told = [one for one in check(file, Plan(lane)).findings if one.function == "update"]
    if mistake is None:
        assert told == []
        return
    assert {one.mistakes for one in told} == {(mistake,)}
    assert all(words in one.says for one in told)
