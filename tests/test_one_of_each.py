"""An activation, a loss and an optimizer that stand in nncore's registries are found everywhere by that alone."""

import subprocess
import sys
from pathlib import Path

WALK = '''
import io, json, re, sys
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nncore import activations, losses, optimizers


def softsign(a, out):
    np.divide(a, 1.0 + np.abs(a), out)


def softsign_slope(a, z, out):
    np.square(1.0 - np.abs(z), out)


def softsign_bend(a, z, out):
    np.copyto(out, -2.0 * np.sign(a) * (1.0 - np.abs(z)) ** 3)


def quartic(a, z, y):
    return ((z - y) ** 4).sum(-1) / 4


def quartic_slope(z, y, out):
    out[...] = (z - y) ** 3


def quartic_bend(z, y, direction, out):
    out[...] = 3 * (z - y) ** 2 * direction


@dataclass(frozen=True)
class SignDescent(optimizers.Optimizer):
    usual_rate = 0.125

    floor: optimizers.Decay = 0.25

    @property
    def state_size(self):
        return 0

    def rule(self, count):
        return optimizers.Rule("θ ← θ − α sign(g)", "{θ} - {α}·sign({g})")

    def _fill(self, gradient, state, rate, count, change, new_state):
        np.multiply(np.sign(gradient), rate, change)


activations.ACTIVATIONS["softsign"] = activations.Activation(
    "softsign", "a/(1 + |a|)", "(1 − |z|)²", softsign, softsign_slope, softsign_bend,
    "return a / (1.0 + np.abs(a))", "nn.Softsign()",
)
losses.LOSSES["quartic"] = losses.Loss(
    "quartic", "¼ Σ (z − y)⁴", "({z} - {y})**3", quartic, quartic_slope, quartic_bend
)
optimizers.OPTIMIZERS["sign"] = SignDescent

FILE = Path(sys.argv[1])
FILE.write_text("""
format = 1
name = "one-of-each"
[data]
points = [[0.5, -1.25, 1], [1.5, 0.75, 0], [-0.5, 2.0, 1]]
[[lanes]]
id = "one"
hidden = [3, 2]
activation = "softsign"
loss = "quartic"
init = "xavier"
optimizer = { name = "sign" }
""")

from nncore.operations import OperationKind
from scenarios.errors import ScenarioError
from scenarios.file.loader import load
from scenarios.file.schema import ActivationName, LossName, OPTIMIZER_TABLES
from tests.tui.conftest import Bench
from tests.tui.explain.recomputed import printed, worked_out
from tui.cli import main
from tui.simulator.settings_form import edit_fields, read_edit
from tui.explain.equation import equation
from tui.simulator.scenario_form import rework_fields, reworked
from tui.exports.numpy_function import numpy_function
from tui.exports.torch import loading_code
from tui.exports.trained import trained
from tui.exports.worksheet import worksheet

assert "softsign" in ActivationName.__args__ and "quartic" in LossName.__args__
table = OPTIMIZER_TABLES["sign"]()
assert (table.learning_rate, table.floor) == (0.125, 0.25)
try:
    load(str(FILE), ["lanes.one.optimizer.floor=1.0"])
except ScenarioError as error:
    assert "allowed: a number, at least 0 and below 1" in str(error), error
else:
    raise AssertionError("a floor of 1 was not refused")

one = Bench(FILE.read_text())
scenario = one.session.scenario
lane_run = one.session.lane_runs[0]
assert "sign" in edit_fields(lane_run, 0)[1].words
values = {field.name: field.value for field in edit_fields(lane_run, 0)}
changes, words = read_edit(one.session, [0], values | {"its constants": "floor = 0.5"})
assert changes == {"optimizer": {"floor": 0.5}}, changes
file = load(str(FILE))
fields = rework_fields(file, 0)
assert "softsign" in next(field for field in fields if field.name.endswith("activation")).words
assert reworked(file, fields, {field.name: field.value for field in fields}).lanes[0].model.loss == "quartic"

seen = set()
for _ in range(2 * len(lane_run.operations)):
    one.session.into()
    frame = one.frame()
    shown, kind = equation(frame.lane), frame.lane.operation.kind
    seen.add(kind)
    if kind not in (OperationKind.BATCH, OperationKind.ACTIVATION, OperationKind.LOSS):
        terms, _, result = shown.example.partition(": ")[2].rpartition(" = ")
        assert worked_out(terms).meets(printed(result)), shown.example
    if kind is OperationKind.ACTIVATION and frame.lane.operation.layer == 1:
        assert shown.formula.endswith("softsign(A₁), element by element: z = a/(1 + |a|)")
    if kind is OperationKind.LOSS:
        assert "¼ Σ (z − y)⁴" in shown.formula
    if kind is OperationKind.DELTA:
        assert shown.formula.endswith("σ′ = (1 − |z|)²")
    if kind is OperationKind.UPDATE:
        assert "sign(g)" in shown.formula
    exercise, key = worksheet(frame)
    assert "a/(1 + |a|)" in key and "(1 − |z|)²" in key and "¼ Σ" in key and "sign(g)" in key
    for pane in ("network", "weights", "gradients", "loss"):
        one.draw(pane)
assert len(seen) == 9, seen

lane = one.frame().lane
exported = trained("one-of-each", lane.lane, lane.theta, 2)
namespace = {}
exec(numpy_function(exported), namespace)
x = lane.lane.model.data.x
assert namespace["network"](x).tobytes() == lane.lane.model.network.outputs(lane.theta, x).tobytes()
assert "nn.Softsign()" in loading_code(exported, "x.safetensors")

for command in ("gradcheck FILE", "show FILE", "show FILE --json", "run FILE --steps 3 --json"):
    call = command.replace("FILE", str(FILE)).split()
    out = io.StringIO()
    with redirect_stdout(out):
        try:
            status = main(call)
        except SystemExit as end:
            status = end.code
    assert not status, (call, out.getvalue())
'''


def test_one_of_each_is_found_everywhere(tmp_path):
    script = tmp_path / "walk.py"
    script.write_text(WALK, encoding="utf-8")
    found = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "one.toml")],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
        env={"PYTHONPATH": str(Path(__file__).parents[1]), "PATH": "", "PYTHONUTF8": "1"},
    )
    assert found.returncode == 0, found.stderr
