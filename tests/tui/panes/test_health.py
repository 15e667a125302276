"""The pane health says of each layer what the step in view has computed of it, and nothing else."""

import re

import numpy as np
import pytest

from nncore.operations import OperationKind
from tui.explain.layer_health import layer_health
from tui.panes.health_columns import RATIOS
from tui.panes.registry import PANES
from tui.render.selection import LayerNumber

DEAD = """
format = 1
name = "dead"
[data]
points = [[1.0, 0.5], [2.0, 1.0]]
[[lanes]]
id = "one"
hidden = [2]
optimizer = { name = "sgd", learning_rate = 0.01 }
[lanes.parameters]
W1 = [[0.25], [-0.5]]
b1 = [0.25, -5.0]
W2 = [[2.0, 0.125]]
b2 = [5.0]
"""
FUNCTION = """
format = 1
name = "bowl"
[[lanes]]
id = "f"
function = { expression = "x**2", start = { x = 2 } }
"""
DEEP = """
format = 1
name = "deep"
[data]
kind = "disc"
samples = 20
[[lanes]]
id = "deep"
hidden = [4, 4, 4, 4, 4, 4, 4]
activation = "tanh"
"""


def upto(one, kind, layer):
    """Rest at step 0, then go to where the first step has computed this."""
    operations = one.frame().lane.operations
    one.into(1 + next(i for i, found in enumerate(operations) if (found.kind, found.layer) == (kind, layer)))


def test_a_function_has_no_layers_and_step_0_nothing_computed(bench):
    assert "A function has no layers." in " ".join(bench(FUNCTION).draw("health", width=60)[1])
    assert "Nothing is computed yet" in " ".join(bench(DEAD).draw("health", width=60)[1])


def test_numbers_of_a_layer_are_those_of_the_step(bench):
    one = bench(DEAD)
    one.session.go_to(3)
    lane = one.frame().lane
    trace, layer = lane.trace, lane.network.network.layers[1]
    health = layer_health(lane, 2)
    assert np.array_equal(health.a, trace.a[1])
    assert np.array_equal(health.gradient, trace.gradient[lane.lane.model.blocks[1]])
    assert np.array_equal(
        trace.theta[lane.lane.model.blocks[1]] + health.update, trace.after[lane.lane.model.blocks[1]]
    )
    change = np.linalg.norm((trace.after - trace.theta)[layer.weights])
    assert health.ratio == pytest.approx(change / np.linalg.norm(trace.theta[layer.weights]))


def test_a_unit_below_0_on_the_batch_is_dead_and_flat(bench):
    one = bench(DEAD)
    one.session.go_to(1)
    health = layer_health(one.frame().lane, 1)
    assert health.dead.tolist() == health.saturated.tolist() == [False, True]
    head, row, *_ = one.draw("health", width=110, height=8)[1]
    assert head.split()[-2:] == ["dead", "sat."]
    assert row.split()[-2:] == ["1", "1"]


@pytest.mark.parametrize(
    ("kind", "layer", "known"),
    [
        (OperationKind.BATCH, 0, []),
        (OperationKind.PRE_ACTIVATION, 1, ["a"]),
        (OperationKind.ACTIVATION, 1, ["a", "dead", "saturated"]),
        (OperationKind.WEIGHT_GRADIENT, 1, ["a", "dead", "saturated"]),
        (OperationKind.BIAS_GRADIENT, 1, ["a", "dead", "saturated", "gradient"]),
        (OperationKind.UPDATE, 1, ["a", "dead", "saturated", "gradient", "update", "sizes"]),
    ],
)
def test_only_what_the_step_has_computed_is_known(bench, kind, layer, known):
    one = bench(DEAD)
    upto(one, kind, layer)
    health = layer_health(one.frame().lane, 1)
    names = ("a", "dead", "saturated", "gradient", "update", "sizes")
    assert [name for name in names if getattr(health, name) is not None] == known


def test_a_row_is_empty_before_the_step_has_come_to_its_layer(bench):
    one = bench(DEAD)
    upto(one, OperationKind.PRE_ACTIVATION, 1)
    _, first, second, *_ = one.draw("health", width=60, height=6)[1]
    assert len(first.split()) > 1
    assert second.split() == ["2"]
    assert PANES["health"].explain(one.view(selection=LayerNumber(2))) == "layer 2: step 1 has not reached it yet"


def test_the_ratio_stands_on_a_scale_whose_middle_is_a_thousandth(bench):
    one = bench(DEEP)
    one.session.go_to(3)
    head, *rows = one.draw("health", width=110, height=9)[1]
    width, middle = 13, head.index("1e-3") + 1
    for number, row in enumerate(rows, 1):
        ratio = layer_health(one.frame().lane, number).ratio
        drawn = row[middle - width // 2 : middle + width // 2 + 1]
        share = (np.log10(ratio) - RATIOS[0]) / (RATIOS[1] - RATIOS[0])
        assert re.fullmatch("[-|]*o[-|]*", drawn)
        assert drawn.index("o") == round(min(max(share, 0), 1) * (width - 1))
        assert f" {np.log10(ratio):.1f} " in row


def test_layers_share_the_scales_of_their_histograms(bench):
    """The layer with the greatest entry alone reaches the last power of ten."""
    one = bench(DEEP)
    one.session.go_to(3)
    head, *_ = one.draw("health", width=130, height=9)[1]
    lane = one.frame().lane
    greatest = max(np.abs(layer_health(lane, number).gradient).max() for number in range(1, 9))
    high = int(re.search(r"1e-?\d+~1e(-?\d+)", head)[1])
    assert 10.0 ** (high - 1) < greatest <= 10.0**high
    limit = float(re.search(r"a \+-(\S+)", head)[1])
    assert limit >= 0.999 * max(np.abs(layer_health(lane, number).a).max() for number in range(1, 9))


def test_gradients_that_are_all_0_are_said_to_be(bench):
    one = bench(DEAD.replace("b1 = [0.25, -5.0]", "b1 = [-9.0, -5.0]"))
    one.session.go_to(1)
    assert one.draw("health", width=110, height=6)[1][1].count("all 0") == 2


def test_heads_that_are_short_are_told_in_full_where_lines_are_left(bench):
    one = bench(DEAD)
    one.session.go_to(1)
    roomy, tight = (one.draw("health", width=30, height=height)[1] for height in (12, 4))
    assert any("saturated" in line for line in roomy[3:])
    assert not any("saturated" in line for line in tight)


def test_in_few_lines_the_first_the_last_and_the_selected_layer_stay(bench):
    one = bench(DEEP)
    one.session.go_to(1)
    drawing, lines = one.draw("health", width=60, height=5)
    assert [line.split()[0] for line in lines[1:]] == ["1", "4", "7", "8"]
    assert "4 of 8 layers" in drawing.subtitles[0]
    _, lines = one.draw("health", width=60, height=5, selection=LayerNumber(5))
    assert [line.split()[0] for line in lines[1:]] == ["1", "5@", "7", "8"]


def test_arrows_and_the_mouse_select_layers(bench):
    one = bench(DEEP)
    one.session.go_to(1)
    pane, view = PANES["health"], one.view(width=60, height=12)
    assert pane.move(view, 0, 0) == LayerNumber(8)  # where the update has just been
    assert pane.move(one.view(selection=LayerNumber(8)), 0, 1) == LayerNumber(8)
    assert pane.move(one.view(selection=LayerNumber(8)), 0, -1) == LayerNumber(7)
    assert [pane.pick(view, 3, row) for row in (0, 1, 8, 9)] == [None, LayerNumber(1), LayerNumber(8), None]


def test_a_layer_is_told_in_a_sentence_and_in_a_table(bench):
    one = bench(DEAD)
    one.session.go_to(1)
    view = one.view(selection=LayerNumber(1))
    sentence = PANES["health"].explain(view)
    change, before, ratio = map(float, re.search(r"‖ΔW₁‖/‖W₁‖ = (\S+)/(\S+) = (\S+)", sentence).groups())
    assert ratio == pytest.approx(change / before, rel=1e-3)
    assert "1 dead, 1 saturated of 2" in sentence
    rows = PANES["health"].inspect(view)
    assert ("dead on the 2 samples of the batch: 1 of 2 units: 1",) in rows
    assert ("dead now, on all training samples: 1 of 2 units: 1",) in rows
    _, least, median, largest, *_, zeros = next(row for row in rows if row[0] == "∂L/∂θ₁")
    gradient = layer_health(view.lane, 1).gradient
    assert [float(least), float(median), float(largest)] == pytest.approx(
        [gradient.min(), np.median(gradient), gradient.max()], rel=1e-3, abs=1e-9
    )
    assert zeros == f"{(gradient == 0).sum()} of 4"


def test_a_diverged_step_is_drawn(bench):
    one = bench(DEAD.replace("learning_rate = 0.01", "learning_rate = 1e200"))
    one.session.go_to(1)
    for _ in range(len(one.session.lockstep)):
        one.session.into()
        for width in (16, 60, 120):
            one.draw("health", width=width, height=6)


def test_the_range_of_a_histogram_is_whole_in_a_narrow_pane(bench):
    one = bench(DEAD)
    one.session.go_to(1)
    _, lines = one.draw("health", width=16, height=12, ascii=False)
    assert any(re.fullmatch(r"\|∂L/∂θ\| 10\S+…10\S+", line.strip()) for line in lines)
    assert "log₁₀ ‖ΔW‖/‖W‖" in map(str.strip, lines)
