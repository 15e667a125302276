"""What holds for every pane, at any size, of any lane, at any place of a step."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tui.conftest import studied
from tui.panes.pane import Options, View, message
from tui.panes.registry import DEFAULT, PANES, SHARED, chosen
from tui.render.heatmap import Entry
from tui.render.palette import look
from tui.render.selection import Along, Confused, LayerNumber, Point, Sample, Step, Unit

FUNCTIONS = """
format = 1
name = "functions"
[[lanes]]
id = "one"
optimizer = { name = "sgd", learning_rate = 0.1 }
function = { expression = "x**4 - log(x)", start = { x = 0.1 } }
[[lanes]]
id = "two"
function = { expression = "x**2 - y**2", start = { x = 1, y = 0 } }
[[lanes]]
id = "three"
optimizer = { name = "sgd", learning_rate = 1e200 }
function = { expression = "x**2*y**2*z**2", start = { x = 1, y = 2, z = 3 } }
"""
POINTS = """
format = 1
name = "points"
[data]
points = [[0, 0, 1], [1, 0, 0], [0, 1, 2], [1, 1, 1]]
[[lanes]]
id = "classes"
hidden = [2]
loss = "softmax_cross_entropy"
[[lanes]]
id = "broken"
init = { name = "constant", scale = 1e200 }
hidden = [2]
output = "linear"
"""
MANY_INPUTS = """
format = 1
name = "many-inputs"
[data]
points = [[0, 0, 1, 1], [1, 0, 2, 0], [0, 1, 3, 2], [1, 1, 1, 1], [2, 1, 0, 0]]
[[lanes]]
id = "values"
hidden = [2]
batch_size = 2
[[lanes]]
id = "classes"
loss = "softmax_cross_entropy"
"""
FIT = """
format = 1
name = "fit"
[data]
expression = "sin(3*x)"
domain = [-1, 1]
sampling = "grid"
samples = 9
[[lanes]]
id = "fit"
hidden = [4]
batch_size = 2
[[lanes]]
id = "linear"
"""


@pytest.fixture(scope="module")
def studies():
    """What costly panes work out for a frame, each worked out once."""
    known = {}

    def study(pane, view):
        key = pane.kind, id(view.frame)
        if key not in known:
            known[key] = studied(pane, view).study
        return known[key]

    return study


LOOKS = st.builds(look, st.sampled_from(["dark", "light", "contrast"]), st.booleans(), st.booleans())


class Frames(list):
    """Frames, with a name short enough for Hypothesis to print."""

    def __repr__(self):
        return "frames"


@pytest.fixture(scope="module")
def frames(bench):
    taken = Frames()
    for text in (None, FUNCTIONS, POINTS, MANY_INPUTS, FIT):
        one = bench(text) if text else bench()
        for step, operations in ((0, 0), (0, 3), (2, 0), (2, 9), (40, 14)):
            one.session.go_to(step)
            for _ in range(operations):
                one.session.into()
            taken += [one.frame(front) for front in range(len(one.session.lane_runs))]
    return taken


@settings(max_examples=200, deadline=None)
@given(
    kind=st.sampled_from(list(PANES)),
    number=st.integers(0, 1000),
    width=st.integers(1, 120),
    height=st.integers(1, 50),
    one=LOOKS,
    log=st.booleans(),
    axis=st.sampled_from(["steps", "samples", "multiply-adds"]),
    moves=st.lists(st.sampled_from([(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)]), max_size=4),
    press=st.none() | st.tuples(st.integers(-1, 120), st.integers(-1, 50)),
    study=st.booleans(),
)
def test_every_pane_fills_its_room_exactly(
    frames, kind, number, width, height, one, log, axis, moves, press, study, studies
):
    frame, pane = frames[number % len(frames)], PANES[kind]
    view = View(frame, frame.lane, width, height, one, Options(log, axis))
    if study:
        view = replace(view, study=studies(pane, view))
    if press:
        view = replace(view, selection=pane.pick(view, *press))
    for move in moves:
        view = replace(view, selection=pane.move(view, *move))
    drawing = pane.draw(view)
    assert len(drawing.lines) == height
    assert all(sum(segment.cell_length for segment in line) == width for line in drawing.lines)
    assert "\n" not in pane.explain(view) + "".join(drawing.titles + drawing.subtitles)
    assert all(isinstance(cell, str) for row in pane.inspect(view) for cell in row)


GONE = (
    ("network", Unit(9, 99)),
    ("weights", Entry(9, 9, 9)),
    ("gradients", Entry(0, 99, 0)),
    ("function", Sample(99)),
    ("function", Point((0.0, 0.0, 0.0, 0.0))),
    ("function", Along(99, 0)),
    ("function", Along(0, 99)),
    ("function", Confused(0, 99)),
    ("features", Sample(99)),
    ("landscape", Step(10**6)),
    ("curvature", Step(10**6)),
    ("norms", Step(10**6)),
    ("health", LayerNumber(99)),
)


def test_a_selection_that_a_lane_does_not_have_is_forgotten(frames):
    for frame in frames:
        for kind, selection in GONE:
            view = studied(PANES[kind], View(frame, frame.lane, 40, 12, look(), Options(), selection))
            assert PANES[kind].explain(view) == ""
            PANES[kind].draw(view)


def test_panes_are_pure_functions_of_the_view(frames):
    for pane in PANES.values():
        for frame in frames:
            view = View(frame, frame.lane, 50, 12, look(), Options())
            first, second = pane.draw(view), pane.draw(view)
            assert (first.lines, first.titles, first.subtitles) == (second.lines, second.titles, second.subtitles)


def test_the_panes_opened_by_default_exist_and_unknown_ones_are_left_out():
    assert chosen(None) == chosen(()) == DEFAULT
    assert chosen(("loss", "no-such-pane")) == ("loss",)
    assert {"loss", "norms", "lesson"} <= SHARED


def test_a_message_is_centred_and_wrapped(frames):
    view = View(frames[0], frames[0].lane, 20, 5, look(), Options())
    lines = [
        "".join(s.text for s in line) for line in message("a few words that take three lines here", view, "t").lines
    ]
    assert [line.strip() for line in lines] == ["", "a few words that", "take three lines", "here", ""]
    assert lines[3].index("here") == 8


def test_what_is_drawn_does_not_change_the_frame(frames):
    frame = frames[3]
    before = frame.lane.theta.copy(), frame.lane.curves.batch_loss.copy()
    for pane in PANES.values():
        pane.draw(View(frame, frame.lane, 50, 12, look(), Options()))
    assert np.array_equal(before[0], frame.lane.theta)
    assert np.array_equal(before[1], frame.lane.curves.batch_loss)


def test_the_registry_tells_of_each_pane_what_its_class_says():
    assert [pane.kind for pane in PANES.values()] == list(PANES)
    assert {kind for kind, pane in PANES.items() if pane.shared} == SHARED
