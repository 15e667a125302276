"""The pane watch: its rows in one line, in two, with charts; what is selected in it, and told."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncore.slices import finished
from tests.tui.conftest import LANES
from tui.panes.pane import Options, View
from tui.panes.watch import WatchPane
from tui.render.numbers import num
from tui.render.palette import look
from tui.render.selection import WatchedStep
from tui.session.frame_builder import FrameBuilder
from tui.session.player import Player
from tui.session.watch import Watch
from tui.session.watch_rows import places, rows

TEXTS = ("deep.W2[1,2]", "wide.train_loss", "deep.dW1[0,1]", "deep.b1[0] - wide.b1[0]")
PANE = WatchPane()


class Room:
    """A watched run in some room."""

    def __init__(self, bench, step=40, texts=TEXTS, full=True):
        self.session = bench(LANES).session
        self.session.keep_watch(texts)
        self.session.go_to(step)
        self.watch = Watch()
        self.full = full

    @property
    def frame(self):
        watch, session = self.watch, self.session
        watch.keep(session.watched, session.lane_runs)
        finished(watch.at_hand(places(session.cursor)))
        if self.full:
            finished(watch.beyond(places(session.cursor)))
        return FrameBuilder(session).frame(Player(), watch=rows(session, watch))

    def view(self, width=60, height=8, selection=None):
        frame = self.frame
        return View(frame, frame.lane, width, height, look("dark", True, False), Options(), selection)

    def drawn(self, **room):
        drawing = PANE.draw(self.view(**room))
        return drawing, ["".join(segment.text for segment in line) for line in drawing.lines]


@pytest.fixture
def room(bench):
    return Room(bench)


def theta(room, step, lane, index):
    return room.session.lane_runs[lane].timeline.state_at(step).theta[index]


def test_without_a_watch_it_says_how_to_begin(bench):
    _, lines = bench(LANES).draw("watch", width=60, height=5)
    assert "Nothing is watched yet: v adds a quantity" in "\n".join(lines)


def test_a_row_has_its_name_both_values_a_mark_and_its_curve(room):
    drawing, lines = room.drawn(width=70, height=4)
    network = room.session.lane_runs[1].lane.model.network
    place = network.layers[1].index(1, 2)
    before, now = (num(theta(room, step, 1, place)) for step in (39, 40))
    assert re.fullmatch(rf"deep\.W2\[1,2\] +{re.escape(before)} > +{re.escape(now)}\* [_.\-~=+*#]+", lines[0])
    assert drawing.titles[0] == "watch · step 39 → 40"
    assert drawing.subtitles[0] == "steps 0 to 40"
    difference = theta(room, 40, 1, network.layers[0].biases.start) - theta(room, 40, 0, 10)
    assert num(difference) in lines[3]


def test_inside_a_step_it_stands_between_two_operations(room):
    room.session.into()
    room.session.into()
    drawing, lines = room.drawn(width=70, height=4)
    assert drawing.titles[0] == "watch · before → after pre-activation a₁"
    assert not any("*" in line[:50] for line in lines)
    assert re.match(r"deep\.dW1\[0,1\] +-- > +--  ", lines[2])


def test_in_little_room_there_is_the_value_alone(room):
    _, lines = room.drawn(width=24, height=4)
    now = num(theta(room, 40, 1, room.session.lane_runs[1].lane.model.network.layers[1].index(1, 2)))
    assert now in lines[0]
    assert ">" not in "".join(lines)


def test_rows_that_have_no_room_are_counted_and_come_with_the_selection(room):
    drawing, lines = room.drawn(width=60, height=2)
    assert [line.split()[0] for line in lines] == list(TEXTS[:2])
    assert drawing.titles[0].endswith(" · 2 more")
    _, lines = room.drawn(width=60, height=2, selection=WatchedStep(3, 3))
    assert [line.split()[0] for line in lines] == ["deep.dW1[0,1]", "deep.b1[0]"]


def test_in_more_room_the_curves_have_lines_or_charts_of_their_own(room):
    _, lines = room.drawn(width=40, height=8)
    assert [line.split()[0] for line in lines[::2]] == [
        "deep.W2[1,2]",
        "wide.train_loss",
        "deep.dW1[0,1]",
        "deep.b1[0]",
    ]
    assert all(re.fullmatch(r"[ _.\-~=+*#]{40}", line) for line in lines[1::2])
    _, lines = room.drawn(width=50, height=24)
    assert [at for at, line in enumerate(lines) if line.startswith(("deep", "wide"))] == [0, 6, 12, 18]
    assert sum("steps" in line for line in lines) == 4
    _, lines = room.drawn(width=120, height=16)
    assert [line.startswith("deep.W2") and "deep.dW1" in line for line in lines[:2]] == [True, False]


def test_what_is_not_known_yet_is_told(bench):
    room = Room(bench, 300, ("deep.W2[1,2]", "deep.hessian_max"), full=False)
    drawing, lines = room.drawn(width=60, height=2)
    assert "~" in lines[1]
    assert drawing.subtitles[0].startswith("deep.W2[1,2] known up to step 0 of 300")


def test_arrows_choose_a_row_and_a_step_and_the_value_there_is_told(room):
    view = room.view(width=60, height=20)
    first = PANE.move(view, 0, 0)
    assert first == WatchedStep(40, 0)
    left = PANE.move(replace(view, selection=first), -1, 0)
    assert left == WatchedStep(39, 0)
    down = PANE.move(replace(view, selection=left), 0, 1)
    assert down == WatchedStep(39, 1)
    assert PANE.move(replace(view, selection=WatchedStep(0, 0)), -1, -1) == WatchedStep(0, 0)
    at = replace(view, selection=WatchedStep(7, 0))
    place = room.session.lane_runs[1].lane.model.network.layers[1].index(1, 2)
    series = [theta(room, step, 1, place) for step in range(41)]
    least, most = (f"{num(series[step])} at step {step}" for step in (np.argmin(series), np.argmax(series)))
    assert PANE.explain(at) == f"deep.W2[1,2], step 7: {num(series[7])} · least {least} · greatest {most}"
    assert PANE.goes_to(at) == 7
    assert PANE.goes_to(view) is None
    assert PANE.explain(replace(view, selection=WatchedStep(7, 9))) == ""


def test_of_a_stretch_both_extremes_are_told(bench, monkeypatch):
    monkeypatch.setattr("nncore.history.CAPACITY", 8)
    room = Room(bench, 60, ("deep.W2[1,2]",))
    place = room.session.lane_runs[1].lane.model.network.layers[1].index(1, 2)
    values = [theta(room, step, 1, place) for step in range(16, 24)]
    told = PANE.explain(room.view(selection=WatchedStep(19, 0)))
    assert told.startswith(f"deep.W2[1,2], steps 16 to 23: {num(min(values))} to {num(max(values))} · least ")


def test_a_press_on_a_curve_selects_its_step(room):
    view = room.view(width=50, height=24)
    picked = PANE.pick(view, 49, 8)
    assert picked.row == 1
    assert picked.number >= 39
    assert PANE.pick(view, 2, 0) == WatchedStep(40, 0)


def test_bars_are_the_mean_of_their_steps(bench):
    room = Room(bench, 99, ("step",))
    _, lines = room.drawn(width=60, height=1)
    bars = re.search(r"[_.\-~=+*#]+$", lines[0])[0]
    assert list(bars) == sorted(bars, key="_.-~=+*#".index)
    assert set(bars) == set("_.-~=+*#")
    curve = room.frame.watch[0].curve
    np.testing.assert_array_equal(curve.low, np.arange(100))


def test_a_lane_that_is_gone_leaves_words_in_its_row(room):
    from tui.session.actions import Close, do

    do(room.session, Close(1))
    _, lines = room.drawn(width=70, height=4)
    assert "deep.W2[1,2] " in lines[0]
    assert 'unknown lane "deep"' in lines[0]
    view = room.view(selection=WatchedStep(3, 0))
    assert PANE.explain(view).startswith('deep.W2[1,2]: unknown lane "deep"')
    assert PANE.move(view, 1, 0) == WatchedStep(4, 0)


@settings(max_examples=150, deadline=None)
@given(
    width=st.integers(1, 200),
    height=st.integers(1, 60),
    row=st.integers(0, 5),
    step=st.integers(0, 50),
    ascii=st.booleans(),
    color=st.booleans(),
    press=st.tuples(st.integers(0, 200), st.integers(0, 60)),
)
def test_it_fills_any_room_exactly(at_rest, width, height, row, step, ascii, color, press):
    selection = WatchedStep(step, row) if step else None
    view = replace(at_rest, width=width, height=height, look=look("dark", ascii, color), selection=selection)
    drawing = PANE.draw(view)
    assert len(drawing.lines) == height
    assert all(sum(segment.cell_length for segment in line) == width for line in drawing.lines)
    for moved in (PANE.pick(view, *press), PANE.move(view, -1, 1), PANE.move(view, 1, -1)):
        assert moved is None or 0 <= moved.number <= 40
        assert "\n" not in PANE.explain(replace(view, selection=moved))


@pytest.fixture(scope="module")
def at_rest(bench):
    """A view of a run with rows of every kind, one of which its lanes do not fit."""
    return Room(bench, texts=(*TEXTS, "gone.b1[0]", "deep.z1[3,0]")).view()
