import re

import numpy as np
import pytest

from tui.panes import fit, objective
from tui.panes.function import FunctionPane
from tui.panes.objective import _shaded
from tui.panes.plane import WORK, _resolution
from tui.render.cells import longest
from tui.render.charts import line_chart
from tui.render.palette import ASCII

PANE = FunctionPane()
SAMPLES = ASCII.low_class + ASCII.high_class + ASCII.low_wrong + ASCII.high_wrong

# z = x₁ + ½: above ½ where x₁ > 0.
PLANE = """
format = 1
name = "plane"
[data]
kind = "xor"
samples = 4
{data}
[[lanes]]
id = "one"
{lane}
[lanes.parameters]
W1 = {w}
b1 = {b}
"""


def plane_text(data="", lane="", w="[[1, 0]]", b="[0.5]"):
    return PLANE.format(data=data, lane=lane, w=w, b=b)


def sides(line):
    """Whether the left and the right quarter of a line hold signs of one kind only: "-" or "+"."""
    quarter = len(line) // 4
    found = []
    for part in (line[:quarter], line[-quarter:]):
        marks = set(part) - {" ", ASCII.zero, ASCII.high_class, ASCII.low_class}
        found.append("-" if marks <= set(ASCII.negative) else "+" if marks <= set(ASCII.positive) else "?")
    return "".join(found)


def test_a_map_is_neutral_where_the_output_is_one_half(bench):
    drawing, lines = bench(plane_text()).draw("function", width=40, height=11)
    assert drawing.titles[:2] == ("function · values 0 to 1, line at 0.5", "function · line at 0.5")
    assert {sides(line) for line in lines[:-1]} == {"-+"}


def test_a_map_has_a_margin_where_samples_lie_on_the_edge_of_the_data(bench):
    drawn = bench(plane_text()).draw("function", width=40, height=12)[1]
    marks = [line.index(mark) for line in drawn[:-1] for mark in SAMPLES if mark in line]
    assert marks
    assert all(2 < column < 37 for column in marks)


def test_a_map_for_labels_of_minus_and_plus_1_is_neutral_at_0(bench):
    one = bench(plane_text("labels = [-1, 1]", b="[0]"))
    drawing, lines = one.draw("function", width=40, height=11)
    assert drawing.titles[:2] == ("function · values -1 to 1, line at 0", "function · line at 0")
    assert {sides(line) for line in lines[:-1]} == {"-+"}


def test_a_sigmoid_on_the_logistic_loss_is_neutral_at_one_half(bench):
    one = bench(plane_text(lane='loss = "logistic"', w="[[0, -4]]", b="[0]"))
    _, lines = one.draw("function", width=40, height=11)
    assert sides(lines[1]) == "--"
    assert sides(lines[-2]) == "++"


def test_the_class_of_the_largest_output_is_drawn(bench):
    text = plane_text(lane='loss = "softmax_cross_entropy"', w="[[-1, 0], [0, 2], [1, 0]]", b="[0, 0, 0]")
    text = text.replace('kind = "xor"\nsamples = 4', "points = [[-1, 0, 0], [0, 1, 1], [1, 0, 2], [0.5, -1, 2]]")
    drawing, lines = bench(text).draw("function", width=41, height=12)
    assert drawing.titles[0] == "function · most likely class"
    middle = lines[9]
    assert {middle[1], middle[-2]} <= {"0", "2", " "}
    assert "1" in lines[0]
    assert set("".join(line[:8] for line in lines[6:11])) == {"0", " "}
    assert set("".join(line[-8:] for line in lines[6:11])) == {"2", " "}


def test_a_value_over_the_plane_is_drawn_around_the_middle_of_the_data(bench):
    text = plane_text(w="[[4, 0]]", b="[-1]").replace('kind = "xor"\nsamples = 4', "points = [[0, 0, -1], [1, 1, 3]]")
    drawing, lines = bench(text).draw("function", width=40, height=11)
    assert drawing.titles[0] == "function · values -1.000 to 3.000"
    assert {sides(line) for line in lines[:-1]} == {"-+"}


SAME = """
format = 1
name = "same"
[data]
{data}
[[lanes]]
id = "squared"
[lanes.parameters]
W1 = [[0.2, 0.1]]
b1 = [0.5]
[[lanes]]
id = "other"
{other}
[lanes.parameters]
W1 = [[0.2, 0.1]]
b1 = [0.5]
"""


@pytest.mark.parametrize(
    ("data", "other"),
    [
        ('kind = "disc"\nsamples = 40', 'loss = "squared"\nseed = 5'),
        ('kind = "disc"\nsamples = 40\nlabels = [-1, 1]', "batch_size = 3"),
        ("points = [[-1, 0, -3], [1, 1, 2], [0, -1, 4]]", "batch_size = 1"),
    ],
)
@pytest.mark.parametrize("color", [True, False])
def test_the_same_function_looks_the_same_in_each_lane(bench, data, other, color):
    one = bench(SAME.format(data=data, other=other))
    first, second = (one.draw("function", lane=lane, ascii=False, color=color)[0] for lane in (0, 1))
    assert first.lines == second.lines
    assert first.titles == second.titles
    assert re.search(r"values \S+ to \S+", first.titles[0])


def test_accuracy_is_shown_where_it_has_a_meaning(bench):
    """x₁ > 0 is right for about half of xor: 3 of these 4 points."""
    one = bench(plane_text())
    lane = one.frame().lane
    share = float(lane.evaluation.train_accuracy)
    losses = f"train {float(lane.evaluation.train_loss):.4f} {share:.1%}"
    assert one.draw("function")[0].subtitles[:3] == (f"{losses}, 1 of 4 wrong", f"{losses} right", losses)


def test_the_border_says_as_much_as_it_has_room_for(bench):
    one = bench()
    one.session.go_to(3)
    ways = one.draw("function")[0].subtitles
    whole, full, short, both, of_test, least = (longest(width, *ways) for width in (60, 50, 30, 22, 12, 8))
    assert re.fullmatch(r"train \S+ \S+%, \d+ of 20 wrong · test \S+ \S+%", whole)
    assert re.fullmatch(r"train \S+ \S+% right · test \S+ \S+%", full)
    assert re.fullmatch(r"train \S+ · test \S+", short)
    assert re.fullmatch(r"train [\d.]{3,5} test [\d.]{3,5}", both)
    assert re.fullmatch(r"test \S+", of_test)
    assert re.fullmatch(r"[\d.]+", least)


def test_the_map_is_drawn_again_only_when_theta_or_the_batch_change(bench):
    one = bench()
    one.session.go_to(3)
    one.session.into()
    seen = []
    for _ in range(len(one.session.lockstep) - 1):
        seen.append(PANE.depends(one.view()))
        one.session.into()
    forward_and_backward = 1 + 8 + 1 + 12
    assert all(depends == seen[0] for depends in seen[:forward_and_backward])
    assert seen[forward_and_backward] != seen[0]


def test_a_large_network_is_drawn_on_a_coarser_grid(bench):
    text = plane_text(lane="hidden = [1000, 900]").split("[lanes.parameters]")[0]
    model = bench(text).frame().lane.lane.model
    rows, columns = _resolution(model, 100, 200)
    assert rows * columns * (2 * 1000 + 1000 * 900 + 900) <= 2 * WORK
    assert columns == pytest.approx(2 * rows, abs=2)
    assert _resolution(bench().frame().lane.lane.model, 100, 200) == (100, 200)


CURVE = """
format = 1
name = "curve"
[data]
expression = "2*x"
domain = [0, 1]
sampling = "grid"
samples = 5
noise = 0.1
[[lanes]]
id = "one"
batch_size = 2
[[lanes]]
id = "full"
[lanes.parameters]
W1 = [[3]]
b1 = [-1]
"""


def test_a_curve_is_drawn_with_its_target_its_samples_and_the_batch(bench, monkeypatch):
    charts = []
    monkeypatch.setattr(fit, "line_chart", lambda series, *a, **k: charts.append(series) or line_chart(series, *a, **k))
    one = bench(CURVE)
    one.session.into()
    one.draw("function", lane=1)
    series = {part.name: part for part in charts[0]}
    assert set(series) == {"fit", "target", "samples"}
    assert np.allclose(series["fit"].y, 3 * series["fit"].x - 1)
    assert np.allclose(series["target"].y, 2 * series["target"].x)
    view = one.view(lane=0)
    PANE.draw(view)
    batch = next(part for part in charts[1] if part.name == "batch")
    data = view.lane.lane.model.data
    assert batch.x.tolist() == data.x[view.lane.trace.indices, 0].tolist()
    assert batch.y.tolist() == data.y[view.lane.trace.indices, 0].tolist()
    assert not batch.muted


def test_the_height_of_a_curve_stands_still_while_the_fit_moves(bench):
    one = bench(CURVE)
    before = one.draw("function", lane=1)[1]
    one.session.go_to(50)
    after = one.draw("function", lane=1)[1]
    assert [line[:8] for line in before] == [line[:8] for line in after]


SURFACE = """
format = 1
name = "surface"
[[lanes]]
id = "one"
optimizer = { name = "sgd", learning_rate = 0.5 }
function = { expression = "{f}", start = { x = 0.5, y = 0 } }
"""


def test_a_surface_is_lower_on_one_side_of_theta_and_higher_on_the_other(bench):
    """f = x at x = ½ of −3 … 3: the line runs through θ."""
    drawing, lines = bench(SURFACE.replace("{f}", "x + 0*y")).draw("function", width=61, height=12)
    assert drawing.subtitles[0] == "f = 0.5000 · α = 0.5000"
    assert {sides(line) for line in lines[:-1]} == {"-+"}
    (row,) = [y for y, line in enumerate(lines[:-1]) if ASCII.high_class in line]
    boundary = lines[0].index(next(mark for mark in lines[0] if mark in ASCII.positive))
    assert abs(lines[row].index(ASCII.high_class) - boundary) <= 2


@pytest.mark.parametrize("height", [12, 13])
def test_a_path_along_an_axis_stays_in_one_row_however_little_it_is_off(bench, height):
    """y = ±1e-9: the rows of marks must not tell these apart."""
    rows = set()
    for y in ("1e-9", "-1e-9"):
        text = SURFACE.replace("{f}", "x**2 + y**2").replace("y = 0 }", f"y = {y} }}")
        _, lines = bench(text).draw("function", width=60, height=height)
        rows |= {row for row, line in enumerate(lines[:-1]) if ASCII.high_class in line}
    assert len(rows) == 1


def test_the_end_of_a_step_is_marked_once_it_is_computed(bench):
    """f = x² + y², η = ½: from (½, 0) to the origin in one step."""
    one = bench(SURFACE.replace("{f}", "x**2 + y**2"))
    one.session.into()
    _, before = one.draw("function", width=61, height=12)
    one.session.next_step()
    _, after = one.draw("function", width=61, height=12)

    def place(lines, mark):
        return next((y, line.index(mark)) for y, line in enumerate(lines[:-1]) if mark in line)

    assert place(before, ASCII.high_class) == place(after, ASCII.low_class)
    assert not any(ASCII.low_class in line for line in before[:-1])


def test_shades_keep_the_order_and_the_sign_of_heights():
    shades = _shaded(np.array([-4.0, -1.0, 0.0, 1e-3, 5.0, np.nan, np.inf]))
    assert (shades[0], shades[2], shades[4]) == (-1.0, 0.0, 1.0)
    assert -1.0 < shades[1] < 0.0 < shades[3] < 1.0
    assert shades[5] == shades[6] == 0.0


def test_a_function_of_three_variables_is_not_drawn(bench):
    text = SURFACE.replace("{f}", "x**2 + y**2 + z**2").replace("y = 0", "y = 0, z = 1")
    _, lines = bench(text).draw("function")
    assert "one or two variables, here are 3" in " ".join(" ".join(lines).split())


def test_a_curve_of_a_function_shows_where_training_stands(bench):
    """x⁴ from 0.5 on −1.5 … 1.5: its sides, 5 high, are cut so that the valley shows."""
    text = SURFACE.replace("{f}", "x**4").replace(", y = 0", "")
    drawing, lines = bench(text).draw("function", width=60, height=14)
    assert drawing.subtitles[0] == "f = 0.06250 · α = 0.5000"
    top = max(float(line[:7]) for line in lines[1:-1] if line[:7].strip())
    assert 0.06 < top < 0.2


HILL = """
format = 1
name = "hill"
[defaults]
optimizer = { name = "sgd", learning_rate = 0.1 }
[[lanes]]
id = "low"
function = { expression = "x**4/4 - x**2/2", start = { x = 1 } }
[[lanes]]
id = "far"
function = { expression = "x**4/4 - x**2/2", start = { x = 2 } }
[[lanes]]
id = "other"
function = { expression = "x**2", start = { x = 1 } }
"""


@pytest.fixture
def ranges(monkeypatch):
    """The x_range and y_range of each curve of a function, in the order in which they are drawn."""
    drawn = []
    monkeypatch.setattr(objective, "line_chart", lambda *args, **rest: drawn.append(rest) or line_chart(*args, **rest))
    return drawn


def test_the_hill_between_two_minima_is_seen_from_the_start(bench, ranges):
    """x⁴/4 − x²/2 has its hill, 0 high, between minima of −¼."""
    one = bench(HILL.replace("x = 2", "x = 1"))
    one.draw("function")
    low, high = ranges[0]["y_range"]
    assert low == pytest.approx(-0.25, abs=1e-3)
    assert 0 < high < 0.2


def test_lanes_of_one_function_show_the_same_part_of_it(bench, ranges):
    one = bench(HILL)
    for lane in range(3):
        one.draw("function", lane=lane)
    low, far, other = ranges
    assert low["y_range"] == far["y_range"]
    assert far["x_range"] == (-3, 3)
    assert low["x_range"] == (-3, 3)
    assert other["x_range"] == (-1.5, 1.5)


def test_a_lane_that_flees_does_not_shrink_the_picture_of_the_others(bench, ranges):
    """x² with η = 3 multiplies x by −5 each step: 5⁶ after six."""
    one = bench(
        HILL.replace("x**4/4 - x**2/2", "x**2").replace(
            'id = "far"', 'id = "far"\noptimizer = { name = "sgd", learning_rate = 3 }'
        )
    )
    one.session.go_to(6)
    for lane in range(2):
        one.draw("function", lane=lane)
    near, far = (drawn["x_range"][1] for drawn in ranges)
    assert near <= 6
    assert far > 2 * 5**6
