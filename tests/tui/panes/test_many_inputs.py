"""Networks of three or more inputs: predicted over true values, the confusion matrix, cuts along an input."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nncore import arrays
from scenarios.file.loader import load
from tests.pilot import drive, scenario
from tui.panes import cut, many_inputs
from tui.panes.many_inputs import AGAINST, CONFUSION, CUT
from tui.panes.registry import PANES
from tui.render.charts import line_chart
from tui.render.numbers import num
from tui.render.palette import look
from tui.render.selection import Along, Confused, Sample

PANE = PANES["function"]
TEXT = """
format = 1
name = "many"
[data]
{data}
[[lanes]]
id = "one"
batch_size = 2
{lane}
"""
VALUES = "points = [[0, 1, 0, 1], [1, 0, 2, 3], [1, 1, 1, 3], [2, 0, 0, 2], [0, 2, 1, 3]]"
LABELS = "points = [[0, 1, 0, 0], [1, 0, 2, 1], [1, 1, 1, 1], [-2, 0, 0, 0]]"
CLASSES = "points = [[0, 1, 0, 0], [1, 0, 2, 2], [1, 1, 1, 2], [-2, 0, 0, 1], [0, 3, 0, 0], [0, -1, 0, 0]]"
# z = x₀ + 2x₁ + 3x₂ − 1
PLANE = "[lanes.parameters]\nW1 = [[1, 2, 3]]\nb1 = [-1]"
# The largest of (x₁, −x₀, x₂), of equal ones the first: 0, 2, 0, 1, 0, 1.
CHOICE = 'loss = "softmax_cross_entropy"\n[lanes.parameters]\nW1 = [[0, 1, 0], [-1, 0, 0], [0, 0, 1]]\nb1 = [0, 0, 0]'


def many(bench, data=VALUES, lane=PLANE):
    return bench(TEXT.format(data=data, lane=lane))


@pytest.fixture
def charts(monkeypatch):
    """The series of each chart, by name, and what else it was told."""
    drawn = []

    def chart(series, *args, **rest):
        drawn.append(({one.name: one for one in series}, rest))
        return line_chart(series, *args, **rest)

    monkeypatch.setattr(many_inputs, "line_chart", chart)
    monkeypatch.setattr(cut, "line_chart", chart)
    return drawn


@pytest.mark.parametrize(
    ("data", "lane", "picture"),
    [
        (VALUES, PLANE, AGAINST),
        (LABELS, 'loss = "logistic"', AGAINST),
        (CLASSES, CHOICE, CONFUSION),
        ("points = [[0, 1, 2]]", "", None),
    ],
)
def test_the_picture_follows_from_inputs_and_loss(bench, data, lane, picture):
    view = many(bench, data, lane).view()
    assert many_inputs.picture_of(view) is picture
    selection = PANE.move(view, 0, 0)
    assert (many_inputs.picture_of(replace(view, selection=PANE.move(replace(view, selection=selection), 0, 0)))) is (
        CUT if picture else None
    )


@pytest.mark.parametrize("loss", ["squared", "absolute", "huber"])
def test_outputs_stand_over_true_values_with_the_batch_marked(bench, charts, loss):
    one = many(bench, lane=f'loss = "{loss}"\n{PLANE}')
    one.into(1)
    view = one.view()
    drawing = PANE.draw(view)
    series, _ = charts[0]
    x, y = view.lane.network.data.x, view.lane.network.data.y[:, 0]
    z = x @ (1, 2, 3) - 1
    assert series["samples"].x.tolist() == y.tolist()
    assert series["samples"].y.tolist() == z.tolist()
    assert series["z = y"].x.tolist() == series["z = y"].y.tolist() == [1.0, 3.0]
    batch = sorted(view.lane.trace.indices)
    assert series["batch"].y.tolist() == z[batch].tolist()
    assert drawing.titles[0] == "function · predicted z₁ over true y"
    assert drawing.subtitles[0].startswith("train ")


def test_labels_stand_in_strips_that_do_not_meet(bench, charts):
    points = ", ".join(f"[{n}, 0, 1, {n % 2}]" for n in range(40))
    one = many(bench, f"points = [{points}]", 'loss = "logistic"')
    one.draw("function")
    series, rest = charts[0]
    x = series["samples"].x
    assert (np.abs(x - np.arange(40) % 2) <= 0.3).all()
    assert len(np.unique(x.round(3))) == 40
    assert rest["x_range"] == (-0.5, 1.5)
    assert series["z = 0.5"].y.tolist() == [0.5, 0.5]
    one.draw("function")
    assert charts[1][0]["samples"].x.tolist() == x.tolist()


def test_of_several_outputs_the_first_is_drawn_and_the_title_says_so(bench, charts):
    one = many(bench, "points = [[0, 1, 2, 5, 6], [1, 1, 1, 7, 8]]\noutputs = 2", "")
    view = one.view()
    assert PANE.draw(view).titles[0] == "function · output 0, predicted z₁ over true y"
    assert (
        charts[-1][0]["samples"].y.tolist()
        == view.lane.network.network.outputs(view.lane.theta, view.lane.network.data.x)[:, 0].tolist()
    )
    assert "z₁[0] along x[2]" in PANE.draw(replace(view, selection=Along(1, 2))).titles[0]


def test_arrows_select_samples_that_are_told_as_elsewhere(bench):
    one = many(bench)
    first = PANE.move(one.view(), 0, 0)
    assert isinstance(first, Sample)
    assert first.number in one.frame().lane.trace.indices
    text = PANE.explain(one.view(selection=Sample(1)))
    assert text.startswith("sample 1: x = (1.000, 0, 2.000), y = 3.000 → z₁ = 6.000, loss 4.500; ")
    assert PANE.inspect(one.view(selection=Sample(1)))[0][0].startswith("sample 1: ")
    seen, selection = {first}, first
    for arrow in [(0, 1)] * 5 + [(-1, 0)] * 5 + [(0, -1)] * 5 + [(1, 0)] * 5:
        selection = PANE.move(one.view(selection=selection), *arrow)
        seen.add(selection)
    assert len(seen) >= 3


def test_a_press_selects_the_sample_under_it(bench):
    view = many(bench).view()
    scene = AGAINST.scene(view)
    column, row = scene.plot.column(2.0), scene.plot.row(1.0)  # sample 3: x = (2, 0, 0), z = 1
    assert PANE.pick(view, column, row) == Sample(3)
    assert PANE.pick(replace(view, selection=Along(2, 1)), column, row) == Along(2, 1)


def test_the_matrix_counts_true_classes_by_predicted_ones(bench):
    _, lines = many(bench, CLASSES, CHOICE).draw("function", width=20, height=5)
    assert [line.split() for line in lines] == [
        ["true", "by", "predicted"],
        ["0", "1", "2"],
        ["0", "2", "1", "."],
        ["1", ".", "1", "."],
        ["2", "1", ".", "1"],
    ]


def test_counts_add_up_to_the_accuracy_of_the_border(bench):
    one = many(bench, CLASSES, CHOICE)
    one.session.go_to(3)
    drawing, lines = one.draw("function", width=40, height=4)
    cells = np.array([[int(cell.replace(".", "0")) for cell in line.split()[1:]] for line in lines[1:]])
    assert cells.sum(axis=1).tolist() == [3, 1, 2]
    assert drawing.subtitles[0].endswith(f" {np.trace(cells) / 6:.1%} right")


@pytest.mark.parametrize("classes", [2, 3, 5, 9, 12, 40])
@pytest.mark.parametrize("size", [(20, 8), (20, 14), (60, 20)])
def test_every_cell_shown_is_found_again_by_the_mouse(bench, classes, size):
    points = ", ".join(f"[{n}, 1, 2, {n}]" for n in range(classes))
    one = many(bench, f"points = [{points}]", 'loss = "softmax_cross_entropy"')
    for wanted in (Confused(0, 0), Confused(classes - 1, 1), Confused(0, classes - 1)):
        view = one.view(width=size[0], height=size[1], selection=wanted)
        pressed = {PANE.pick(view, x, y) for x in range(size[0]) for y in range(size[1])} - {None}
        assert wanted in pressed
        assert all(0 <= cell.true < classes and 0 <= cell.predicted < classes for cell in pressed)
        marks = [
            segment.text
            for line in PANE.draw(replace(view, look=look("dark", False, True))).lines
            for segment in line
            if segment.style.bgcolor and segment.style.bgcolor.name == look().palette.accent
        ]
        assert marks


def test_signs_stand_for_counts_without_room(bench):
    """Twelve classes in twenty columns, all taken for class 0: a column of mistakes under one right cell."""
    points = ", ".join(f"[{n}, 1, 2, {n}]" for n in range(12) for _ in range(10))
    zeros = ", ".join(["[0, 0, 0]"] * 12)
    lane = f'loss = "softmax_cross_entropy"\n[lanes.parameters]\nW1 = [{zeros}]\nb1 = [1{", 0" * 11}]'
    _, lines = many(bench, f"points = [{points}]", lane).draw("function", width=20, height=13)
    assert lines[0].strip() == "012345678901"
    assert [line[3] for line in lines[1:]] == ["#"] + ["="] * 11
    assert {line[4:15] for line in lines[1:]} == {"." * 11}


def test_classes_out_of_sight_are_told_of(bench):
    points = ", ".join(f"[{n}, 1, 2, {n}]" for n in range(10))
    one = many(bench, f"points = [{points}]", 'loss = "softmax_cross_entropy"')
    for selection, rows in ((None, "0 1 2 3:"), (Confused(5, 5), "3:4 5 6:"), (Confused(9, 0), "6:7 8 9 ")):
        _, lines = one.draw("function", width=20, height=5, selection=selection)
        assert "".join(line[:2] for line in lines[1:]) == rows
    assert "4 by 10 of 10 classes" in one.draw("function", width=20, height=5)[0].titles[0]


def test_a_cell_says_and_lists_its_samples(bench):
    view = many(bench, CLASSES, CHOICE).view(selection=Confused(0, 0))
    assert PANE.explain(view) == "class 0 predicted as 0: 2 of 3 training samples of class 0: 0, 4"
    rows = PANE.inspect(view)
    losses = [float(row[-1]) for row in rows[3:]]
    assert losses == sorted(losses, reverse=True)
    mistakes = PANE.inspect(replace(view, selection=Confused(2, 0)))
    assert mistakes[2] == ("sample", "x", "z for class 2", "z for class 0", "loss")
    ((number, x, own, other, loss),) = mistakes[3:]
    assert (number, x) == ("2", "(1.000, 1.000, 1.000)")
    share = np.exp(1) / (2 * np.exp(1) + np.exp(-1))
    assert (own, other, loss) == (num(share), num(share), num(-np.log(share)))
    assert PANE.inspect(replace(view, selection=Confused(1, 2))) == [
        ("class 1 predicted as 2: 0 of 1 training samples of class 1, at θ now",)
    ]


def test_arrows_stay_in_the_matrix_and_enter_cuts_through_the_hardest_sample(bench):
    one = many(bench, CLASSES, CHOICE)
    selection = PANE.move(one.view(), 0, 0)
    assert isinstance(selection, Confused)
    for arrow, cell in (((-1, 0), (0, 0)), ((0, 1), (1, 0)), ((0, 1), (2, 0)), ((0, 1), (2, 0)), ((1, 0), (2, 1))):
        selection = Confused(0, 0) if arrow == (-1, 0) else selection
        selection = PANE.move(one.view(selection=selection), *arrow)
        assert selection == Confused(*cell)
    assert PANE.move(one.view(selection=selection), 0, 0) == selection  # nobody is in it
    hardest = int(PANE.inspect(one.view(selection=Confused(0, 0)))[3][0])
    along = PANE.move(one.view(selection=Confused(0, 0)), 0, 0)
    assert along == Along(hardest, 0)
    assert PANE.move(one.view(selection=along), 0, 0) == Confused(0, 0)
    assert PANE.move(one.view(selection=Along(0, 1)), 0, 1) == Along(4, 1)  # the next one of the same cell
    assert PANE.move(one.view(selection=Along(0, 1)), 0, -1) == Along(0, 1)


def test_a_cut_is_the_output_along_one_input_with_the_others_held(bench, charts):
    one = many(bench)
    for number, w in enumerate((1, 2, 3)):
        view = one.view(selection=Along(1, number))
        PANE.draw(view)
        series, rest = charts[-1]
        x = view.lane.network.data.x
        line = series["z₁"]
        assert np.allclose(line.y, 6 + w * (line.x - x[1, number]))
        assert rest["x_range"] == (x[:, number].min(), x[:, number].max())
        assert rest["x_label"] == f"x[{number}]"
        assert (series["y"].x.tolist(), series["y"].y.tolist()) == ([x[1, number]], [3.0])


def test_the_place_of_the_sample_is_marked_on_the_line(bench):
    _, lines = many(bench).draw("function", selection=Along(2, 0))  # x₀ = 1 of 0 … 2, z = 5
    (row,) = [at for at, line in enumerate(lines) if "@" in line]
    assert 8 + (60 - 8) // 2 - lines[row].index("@") in (0, 1)
    assert "o" in lines[row][lines[row].index("@") - 4 : lines[row].index("@") + 5].replace("@", "")


def test_a_cut_of_classes_has_the_own_one_and_the_largest_other(bench, charts):
    one = many(bench, CLASSES, CHOICE)
    view = one.view(selection=Along(1, 1))
    PANE.draw(view)
    series, rest = charts[0]
    model = view.lane.network
    x = np.array([[1, at, 2] for at in series["z₁[2]"].x])
    z = model.network.outputs(view.lane.theta, x)
    assert np.allclose(series["z₁[2]"].y, z[:, 2])
    assert np.allclose(series["best other"].y, z[:, :2].max(axis=1))
    assert rest["y_range"] == (0.0, 1.0)


def test_a_cut_says_its_numbers(bench):
    text = PANE.explain(many(bench).view(selection=Along(1, 2)))
    assert text == (
        "sample 1: z₁ = 6.000 at its x[2] = 2.000, y = 3.000; the others held: 0 at x[2] = 0, 6.000 at 2.000"
    )
    assert PANE.inspect(many(bench).view(selection=Along(1, 2)))[0][0].startswith("sample 1: ")


def test_arrows_change_the_input_and_the_sample_and_enter_goes_back(bench):
    one = many(bench)
    assert PANE.move(one.view(selection=Sample(2)), 0, 0) == Along(2, 0)
    assert PANE.move(one.view(selection=Along(2, 0)), 1, 0) == Along(2, 1)
    assert PANE.move(one.view(selection=Along(2, 2)), 1, 0) == Along(2, 2)
    assert PANE.move(one.view(selection=Along(2, 0)), -1, 0) == Along(2, 0)
    assert PANE.move(one.view(selection=Along(2, 1)), 0, 1) == Along(3, 1)
    assert PANE.move(one.view(selection=Along(0, 1)), 0, -1) == Along(0, 1)
    assert PANE.move(one.view(selection=Along(2, 1)), 0, 0) == Sample(2)


def test_inputs_are_called_like_the_columns_of_a_file(tmp_path):
    rows = "\n".join(f"{n},{n % 3},{-n},{n % 2}" for n in range(6))
    Path(tmp_path / "data.csv").write_text(f"x1,x2,x3,y1\n{rows}\n")
    path = tmp_path / "many.toml"
    path.write_text(TEXT.format(data='csv = "data.csv"', lane='hidden = [3]\nloss = "logistic"'))

    async def walk(driver):
        await driver.press("enter", "enter")
        widget = driver.simulator.panes.focused_widget
        assert "along x1" in str(widget.border_title)
        assert "enter back" in driver.text
        await driver.press("right")
        assert "along x2" in str(widget.border_title)
        await driver.press("enter")
        assert isinstance(widget.selection, Sample)
        assert "along an input" in driver.text
        await driver.press("i")
        await driver.until(lambda: driver.dialog == "Table")
        await driver.press("escape")
        await driver.until(lambda: not driver.dialog)
        await driver.press("escape")
        assert widget.selection is None

    drive(load(str(path)), walk)


def test_four_lanes_have_room_on_a_small_screen():
    lanes = "".join(f'[[lanes]]\nid = "{name}"\nloss = "softmax_cross_entropy"\n' for name in "bcd")

    async def walk(driver):
        await driver.press("n", "enter")
        widgets = [w for pane, w in driver.simulator.panes.widgets.items() if pane.kind == "function" and w.view]
        assert len(widgets) == 4
        for widget in widgets:
            text = "\n".join(widget.render_line(y).text for y in range(widget.size.height))
            assert all(re.search(rf"^ *{true} +\S+ +\S+ +\S+ *$", text, re.MULTILINE) for true in range(3)), text

    text = TEXT.format(data=CLASSES, lane='loss = "softmax_cross_entropy"') + lanes
    drive(scenario(text), walk, size=(80, 24), ascii=True)


@pytest.mark.parametrize(
    ("data", "lane", "selections"),
    [
        (VALUES, "hidden = [3]", (None, Sample(1), Sample(99), Along(1, 2), Along(99, 0), Along(0, 9))),
        (LABELS, 'loss = "logistic"', (None, Sample(1), Along(1, 2))),
        (CLASSES, CHOICE, (None, Confused(2, 0), Confused(9, 9), Sample(1), Along(1, 2), Along(99, 0))),
    ],
)
def test_every_room_is_filled_exactly(bench, data, lane, selections):
    one = many(bench, data, lane)
    one.session.go_to(2)
    for selection in selections:
        for width, height in [(1, 1), (2, 3), (4, 2), (7, 9), (20, 5), (20, 10), (60, 14), (120, 50)]:
            for ascii, color in ((True, False), (False, False), (False, True)):
                view = one.view(width=width, height=height, selection=selection, ascii=ascii, color=color)
                drawing = PANE.draw(view)
                assert len(drawing.lines) == height
                assert all(sum(segment.cell_length for segment in line) == width for line in drawing.lines)
                assert "\n" not in PANE.explain(view)
                PANE.pick(view, width // 2, height // 2)
                PANE.move(view, 0, 0)


@pytest.mark.parametrize("selection", [Sample(99), Along(99, 0), Along(0, 9), Confused(9, 9)])
def test_a_selection_that_the_lane_does_not_have_says_nothing(bench, selection):
    for data, lane in ((VALUES, PLANE), (CLASSES, CHOICE)):
        one = many(bench, data, lane)
        assert PANE.explain(one.view(selection=selection)) == ""
        assert PANE.draw(one.view(selection=selection)).lines == PANE.draw(one.view()).lines


@pytest.mark.parametrize("loss", ["squared", "softmax_cross_entropy"])
def test_outputs_that_are_not_finite_are_not_drawn(bench, loss):
    init = 'init = { name = "constant", scale = 1e200 }\nhidden = [2, 2]'
    one = many(bench, "points = [[1, 1, 1, 0], [1, 2, 1, 1]]", f'loss = "{loss}"\n{init}')
    assert "The outputs are not finite." in " ".join(" ".join(one.draw("function", width=100)[1]).split())
    for selection in (None, Along(1, 0), Confused(0, 0), Sample(1)):
        view = one.view(selection=selection)
        PANE.draw(view)
        PANE.explain(view)
        PANE.inspect(view)
        PANE.move(view, 0, 0)
        PANE.move(view, 1, 0)


def test_of_many_samples_some_are_drawn_and_the_title_says_so(bench, monkeypatch):
    for data, lane in ((VALUES, PLANE), (CLASSES, CHOICE)):
        one = many(bench, data, lane)
        view = one.view()
        monkeypatch.setattr(arrays, "SLICE_WORK", 8 * 3 * view.lane.network.work)
        assert ", 1 of 2 samples" in PANE.draw(view).titles[0]
        for selection in (None, Sample(1), Along(1, 0), Confused(0, 0)):
            PANE.draw(replace(view, selection=selection))
            PANE.move(replace(view, selection=selection), 0, 0)
        monkeypatch.undo()
