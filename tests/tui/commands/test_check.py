"""`gradstep check`: results with any number of axes; with --open, in a real terminal, the app where a file is wrong."""

import subprocess

import pytest

from scenarios.file.loader import load
from scenarios.own_code.cases import beginning
from scenarios.own_code.exercise import Origin, exercise
from scenarios.runs.build import build
from tests.terminal import Terminal, gradstep

BODIES = (
    """    A, Z = {}, {0: X}
    for d in W:
        A[d] = Z[d - 1] @ W[d].T + b[d]
        Z[d] = np.maximum(A[d], 0) if d < len(W) else A[d]
""",
    "    L = 0.5 * np.mean(np.sum((output - Y) ** 2, axis=1))\n",
    """    D, dW, db = {len(W): (Z[len(W)] - Y) / len(Y)}, {}, {}
    for d in sorted(W, reverse=True):
        dW[d], db[d] = D[d].T @ Z[d - 1], D[d].sum(axis=0)
        if d > 1:
            D[d - 1] = (D[d] @ W[d]) * (A[d - 1] > 0)
""",
    "    W, b = {d: W[d] - 0.1 * dW[d] for d in W}, {d: b[d] - 0.1 * db[d] for d in b}\n",
)


@pytest.fixture
def mine(tmp_path):
    """Writes an exercise of by-hand that is right but for one place."""

    def write(right="", wrong=""):
        file = tmp_path / "mine.py"
        (lane,) = build(load("by-hand"))
        empty = exercise(beginning(lane), Origin("by-hand", "hand"), file).split("    raise NotImplementedError\n")
        text = empty[0] + "".join(body + rest for body, rest in zip(BODIES, empty[1:], strict=True))
        assert right in text
        file.write_text(text.replace(right, wrong) if right else text, encoding="utf-8")
        return file

    return write


@pytest.mark.parametrize(
    ("right", "wrong", "place", "line"),
    [
        (" * (A[d - 1] > 0)", "", r"error signal δ₁ · op 10/14", r"σ′ is missing"),
        ("D[d].T @ Z[d - 1]", "D[d].T @ Z[d - 1] * 2", r"gradient ∂L/∂W₂", r"∂W₂ = dW\[2\]"),
        ("b[d] - 0.1 * db[d]", "b[d] + 0.1 * db[d]", r"update of layer \d", r"the sign is wrong"),
    ],
)
def test_the_app_stands_where_it_is_wrong(mine, tmp_path, right, wrong, place, line):
    with Terminal(gradstep("check", str(mine(right, wrong)), "--open"), 120, 40, folder=tmp_path) as terminal:
        terminal.wait_for(rf"^ by-hand +step 1 .*{place}")
        terminal.wait_for(line)
        terminal.wait_for("esc out")  # what is wrong is selected in a pane that was entered
        terminal.press("q")
        assert terminal.wait() == 1


def test_there_is_nothing_to_open_where_all_is_right(mine, tmp_path):
    with Terminal(gradstep("check", str(mine()), "--open"), folder=tmp_path) as terminal:
        terminal.wait_for("all right")
        assert terminal.wait() == 0


def test_what_shows_in_no_number_of_the_step_is_told_and_not_opened(mine, tmp_path):
    file = mine("    A, Z = {}, {0: X}\n", "    raise ValueError('no')\n")
    with Terminal(gradstep("check", str(file), "--open"), folder=tmp_path) as terminal:
        terminal.wait_for("shows in no number of the scenario's first step")
        assert terminal.wait() == 1


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("b[d] - 0.1 * db[d]", "b[d] - 0.1 * dW[d]"),
        ("b[d] - 0.1 * db[d]", "(b[d] - 0.1 * db[d])[:, None]"),
        ("b[d] - 0.1 * db[d]", "(b[d] - 0.1 * db[d])[None, :]"),
        ("b[d] - 0.1 * db[d]", "float(b[d][0])"),
        ("W[d] - 0.1 * dW[d]", "(W[d] - 0.1 * dW[d]).ravel()"),
        ("W[d] - 0.1 * dW[d]", "(W[d] - 0.1 * dW[d])[None]"),
        ("D[d].sum(axis=0)", "D[d]"),
        ("D[d].sum(axis=0)", "D[d].sum()"),
        ("D[d].T @ Z[d - 1]", "(D[d].T @ Z[d - 1]).ravel()"),
        ("output - Y", "output.ravel() - Y"),
        ("L = 0.5 * np.mean(np.sum((output - Y) ** 2, axis=1))", "L = (output - Y) ** 2"),
    ],
)
def test_any_number_of_axes_is_told(mine, right, wrong):
    done = subprocess.run(gradstep("check", str(mine(right, wrong)), "--all"), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "")
    assert "✗" in done.stdout
