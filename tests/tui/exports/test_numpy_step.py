"""The step in NumPy: a file that computes each of its numbers again, for any activation, loss and setting."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from nncore.activations import ACTIVATIONS
from nncore.losses import LOSSES
from scenarios.file.loader import parse
from tests.tui.conftest import LANES
from tui.exports.exports import EXPORTS
from tui.exports.numpy_step import numpy_step
from tui.session.frame_builder import FrameBuilder
from tui.session.player import Player
from tui.session.session import Session

WRITE = next(export.make for export in EXPORTS if export.key == "n")


def frame_of(text, step=4):
    session = Session.begin(parse(text.encode(), "test.toml", Path(".")))
    session.go_to(step)
    return session, FrameBuilder(session).frame(Player())


def run(file):
    return subprocess.run([sys.executable, file], capture_output=True, text=True, check=False)


def network(activation="tanh", loss="squared", output="", more=""):
    classes = loss == "softmax_cross_entropy"
    points = "[[0.5, -1, 0], [1, 2, 1], [-0.3, 0.7, 1], [0.2, 0.1, 0]]"
    out = f'output = "{output}"\n' if output else ""
    units = "output_units = 2\n" if classes else ""
    return (
        f'format = 1\nname = "one"\ntitle = "t"\nquestion = "q"\nlesson = "l"\ntext = "x"\nsteps = 9\n'
        f"[data]\npoints = {points}\n[defaults]\n"
        f'activation = "{activation}"\nloss = "{loss}"\n{out}{units}batch_size = 3\n{more}'
        '[[lanes]]\nid = "a"\nhidden = [3, 2]\n'
    )


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_any_activation(activation, tmp_path):
    check(network(activation), tmp_path)


@pytest.mark.parametrize("loss", [name for name in LOSSES if name != "softmax_cross_entropy"])
def test_any_loss(loss, tmp_path):
    check(network(loss=loss), tmp_path)


@pytest.mark.parametrize("more", ["l2 = 0.1\nl1 = 0.05\n", 'reduction = "sum"\n', "freeze = [2]\n"])
def test_penalties_sums_and_frozen_layers(more, tmp_path):
    check(network(more=more), tmp_path)


def test_an_output_with_a_slope(tmp_path):
    check(network(output="sigmoid"), tmp_path)


def check(text, tmp_path):
    session, frame = frame_of(text)
    (file,) = WRITE(session, frame, tmp_path)
    done = run(file)
    assert done.returncode == 0, done.stderr
    assert "arrays agree" in done.stdout


def test_it_can_fail(tmp_path):
    _, frame = frame_of(LANES)
    trace = frame.lane.trace
    wrong = replace(frame.lane, trace=replace(trace, delta=(trace.delta[0] * 1.001, *trace.delta[1:])))
    file = tmp_path / "wrong.py"
    file.write_text(numpy_step("three", wrong), encoding="utf-8")
    assert "delta1" in run(file).stderr
