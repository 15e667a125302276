import re

import numpy as np
import pytest

from nncore.network import Network
from tui.explain.unit import SHOWN
from tui.panes.network import NetworkPane, _edges
from tui.render.numbers import num
from tui.render.selection import Unit

PANE = NetworkPane()
HAND = """
format = 1
name = "hand"
[data]
points = [[1.0, 2.0, 1.0], [0.5, -1.0, 0.0]]
[[lanes]]
id = "one"
hidden = [2]
activation = "tanh"
[lanes.parameters]
W1 = [[0.5, -0.25], [1.0, 0.5]]
b1 = [0.25, -0.5]
W2 = [[2.0, -1.0]]
b2 = [0.125]
"""


def test_a_unit_of_the_forward_pass_by_hand(bench):
    """x = (1, 2): a₁[1] = 1·1 + 0.5·2 − 0.5 = 1.5, z₁[1] = tanh 1.5 = 0.9051."""
    one = bench(HAND)
    one.into(3)
    view = one.view(selection=Unit(1, 1))
    assert PANE.explain(view) == (
        "a₁[1] = 1.000·1.000 + 0.5000·2.000 + (-0.5000) = 1.500; z₁[1] = tanh(a) = 0.9051, sample 0"
    )
    assert PANE.explain(one.view(selection=Unit(0, 1))) == "x[1] = 2.000, sample 0"
    assert PANE.explain(one.view(selection=Unit(2, 0))) == "unit 0 of layer 2: step 1 has not reached it yet"


@pytest.mark.parametrize("unit", [Unit(1, 0), Unit(1, 1), Unit(2, 0)])
def test_the_error_signal_of_a_unit_is_the_sum_it_shows(bench, worked_out, unit):
    one = bench(HAND)
    one.into(14)
    view = one.view(selection=unit)
    layer, number = unit
    body, result = re.match(r"δ.\[\d\] = (.+) = (\S+); a = ", PANE.explain(view)).groups()
    delta = view.lane.trace.delta[layer - 1][SHOWN, number]
    assert result == num(delta)
    assert worked_out(body) == pytest.approx(delta, rel=2e-3)


def test_the_backward_pass_shows_the_gradients_it_has_reached(bench):
    """Of 14 operations, the 8th is ∂W₂ and the 11th ∂W₁."""
    one = bench(HAND)
    reached = []
    for operation in (5, 8, 11, 13):
        one.into(operation)
        view = one.view()
        w1, w2 = (w for w, _ in view.lane.lane.model.network.split(_edges(view)))
        g1, g2 = (w for w, _ in view.lane.lane.model.network.split(view.lane.trace.gradient))
        reached.append((np.array_equal(w1, g1), np.array_equal(w2, g2), PANE.draw(view).titles[0].split(" ±")[0]))
    assert reached == [
        (False, False, "network: weights"),
        (False, True, "network: gradients"),
        (True, True, "network: gradients"),
        (False, False, "network: weights"),
    ]


def test_the_layer_of_the_operation_is_lit_and_named(bench):
    one = bench(HAND)
    one.into(4)
    drawing, lines = one.draw("network", color=True, ascii=False)
    assert drawing.subtitles[0] == "pre-activation a₂ · sample 1"
    accent = one.view(color=True).look.palette.accent
    lit = [s.text.strip() for s in drawing.lines[0] if s.style.color and s.style.color.name == accent]
    assert lit == ["→", "a₂"]
    assert "→" in lines[0]


@pytest.mark.parametrize("look", [{"color": True, "ascii": False}, {"color": False, "ascii": True}])
def test_a_small_network_has_its_numbers_on_units_and_edges(bench, look):
    """Sample 1 is (0.5, −1): a₁ = (0.75, −0.5), and z₁ their tanh; then δ₂ = (z₂ − 0) / 2 of two samples."""
    one = bench(HAND)

    def words(operation):
        one.into(operation)
        drawing, lines = one.draw("network", width=60, height=14, **look)
        return drawing, " ".join(lines).split()

    weights = ["0.5000", "-0.2500", "1.000", "0.5000", "2.000", "-1.000"]

    def row_in(drawing):
        return one.view().lane.trace.indices.tolist().index(int(drawing.subtitles[0].rpartition(" ")[2]))

    _, seen = words(1)
    assert all(seen.count(weight) >= weights.count(weight) for weight in weights)
    drawing, seen = words(3)
    assert {num(value) for value in one.view().lane.trace.z[1][row_in(drawing)]} <= set(seen)
    drawing, seen = words(7)
    trace, row = one.view().lane.trace, row_in(drawing)
    assert num(trace.delta[1][row, 0]) in seen
    assert "-0.2500" not in seen
    _, seen = words(14)
    lane = one.view().lane
    assert {num(weight) for w, _ in lane.lane.model.network.split(lane.theta) for weight in w.ravel()} <= set(seen)
    assert num(trace.z[1][row, 0]) not in seen


@pytest.mark.parametrize(("width", "height"), [(8, 4), (20, 6), (38, 11), (100, 30)])
def test_no_number_of_a_network_covers_another(bench, width, height):
    """Each number in the picture is one of the network's, whole."""
    one = bench(HAND)
    for operation in range(1, 14):
        one.into(operation)
        lane = one.view().lane
        values = [
            *lane.theta,
            *lane.trace.gradient,
            *(v for part in (*lane.trace.z, *lane.trace.a, *lane.trace.delta) for v in part.ravel()),
        ]
        known = {num(value) for value in values} | {"1", "2", "x"}
        _, lines = one.draw("network", width=width, height=height, ascii=False)
        found = re.findall(r"-?\d[\d.e-]*", re.sub("[₀-₉]", "", " ".join(lines)))
        assert set(found) <= known


def test_at_rest_everything_is_lit(bench):
    one = bench(HAND)
    one.session.go_to(2)
    drawing, lines = one.draw("network", ascii=False)
    assert drawing.subtitles[0] == ""
    assert "→" not in lines[0]


def test_arrows_move_through_the_units_and_stop_at_the_edges(bench):
    one = bench(HAND)
    selection, seen = None, []
    for across, down in [(0, 0), (1, 0), (-1, 0), (0, 1), (0, 1), (-1, 0), (0, -1), (-1, 0)]:
        selection = PANE.move(one.view(selection=selection), across, down)
        seen.append(tuple(selection))
    assert seen == [(2, 0), (2, 0), (1, 0), (1, 1), (1, 1), (0, 1), (0, 0), (0, 0)]


def test_the_mouse_picks_the_unit_it_points_at(bench):
    one = bench(HAND)
    view = one.view(selection=Unit(1, 1))
    drawing = PANE.draw(view)
    found = {PANE.pick(view, x, y) for y in range(view.height) for x in range(view.width)}
    assert found == {None, Unit(0, 0), Unit(0, 1), Unit(1, 0), Unit(1, 1), Unit(2, 0)}
    (marked,) = [y for y, line in enumerate(drawing.lines) if any(s.style.reverse for s in line)]
    assert PANE.pick(view, 29, marked) == Unit(1, 1)


def test_a_function_has_no_units(bench):
    one = bench('format = 1\nname = "f"\n[[lanes]]\nid = "f"\nfunction = { expression = "x**2", start = { x = 1 } }')
    _, lines = one.draw("network")
    assert "no units" in " ".join(line.strip() for line in lines)
    assert PANE.move(one.view(), 0, 0) is None
    assert PANE.pick(one.view(), 5, 5) is None


def test_the_samples_pass_once_for_what_units_are_at_a_theta(bench, monkeypatch):
    passed = []
    forward = Network.forward
    monkeypatch.setattr(Network, "forward", lambda self, theta, x: passed.append(len(x)) or forward(self, theta, x))
    one = bench()
    one.session.go_to(2)
    one.session.into()
    passed.clear()
    for _ in range(3):
        one.draw("network")
        one.session.into()
    assert passed.count(20) == 1
