"""What the guide points at is marked where it is drawn, with and without colour and Unicode."""

from dataclasses import replace

import pytest

from scenarios.guide import Target
from tui.panes.marks import line_mark, pointed
from tui.panes.registry import PANES
from tui.panes.status_lines import equation_lines, header
from tui.panes.timeline import draw_timeline
from tui.render.palette import look
from tui.session.frame import GuideView, LessonView

LOOKS = [look(), look(ascii=True), look(color=False), look(ascii=True, color=False)]
WIDE = """
format = 1
name = "wide"
question = "Where?"
text = "Look."
[data]
kind = "disc"
samples = 20
[[lanes]]
id = "wide"
hidden = [300]
"""


def pointing(one, *targets):
    """The frame of a bench whose guide points at these."""
    guide = GuideView(1, (False,), "Look", say="Look.", targets=targets)
    return replace(one.frame(), lesson=LessonView(guide=guide))


def drawn(one, kind, lane, look, *targets, width=60, height=14):
    frame = pointing(one, *targets)
    view = replace(one.view(lane, width, height), frame=frame, lane=frame.lanes[lane], look=look)
    return PANES[kind].draw(view).lines


def text(lines):
    return ["".join(segment.text for segment in line) for line in lines]


def cell(lines, x, y):
    """Character and style of a cell."""
    at = 0
    for segment in lines[y]:
        if at + len(segment.text) > x:
            return segment.text[x - at], segment.style
        at += len(segment.text)
    raise AssertionError(f"no cell ({x}, {y})")


@pytest.fixture
def stepped(bench):
    one = bench()
    one.session.go_to(3)
    return one


@pytest.mark.parametrize(
    ("target", "panes"),
    [
        (Target("function"), {("function", 0), ("function", 1)}),
        (Target("function", "deep"), {("function", 1)}),
        (Target("loss"), {("loss", 0), ("loss", 1)}),
        (Target("W", "deep", 2), {("weights", 1)}),
        (Target("b", None, 1), {("weights", 0)}),
        (Target("dW", "deep", 2, (0, 1)), {("gradients", 1)}),
        (Target("db", "wide", 1), {("gradients", 0)}),
        (Target("delta", "deep", 2), {("network", 1)}),
        (Target("output"), {("network", 0)}),
        (Target("z", "deep", 2, (7, 1)), {("network", 1), ("function", 1)}),
        (Target("equation"), set()),
    ],
)
def test_a_target_is_in_the_panes_that_draw_it(stepped, target, panes):
    frame = pointing(stepped, target)
    assert {(kind, lane.number) for kind in PANES for lane in frame.lanes if pointed(frame, kind, lane)} == panes


@pytest.mark.parametrize("one", LOOKS)
def test_a_matrix_has_a_mark_before_its_name(stepped, one):
    mark = one.glyphs.pointing
    (heading, *_) = text(drawn(stepped, "weights", 1, one, Target("W", "deep", 2)))
    assert f"{mark}W₂ b₂" in heading
    assert heading.count(mark) == 1
    lines = text(drawn(stepped, "gradients", 1, one, Target("db", "deep", 3), Target("dW", "deep", 3)))
    assert f"{mark}∂W₃ {mark}∂b₃" in "".join(lines)


@pytest.mark.parametrize("one", LOOKS)
@pytest.mark.parametrize("target", [Target("W", "deep", 2, (1, 2)), Target("b", "deep", 2, (1,))])
def test_an_entry_stands_out_in_its_matrix(stepped, one, target):
    plain = drawn(stepped, "weights", 1, one, replace(target, index=()))
    marked = drawn(stepped, "weights", 1, one, target)
    differing = {(x, y) for y in range(14) for x in range(60) if cell(plain, x, y) != cell(marked, x, y)}
    assert differing
    assert len({y for _, y in differing}) <= 3  # one cell, as high as cells are
    for x, y in differing:
        style = cell(marked, x, y)[1]
        assert style.reverse or one.color


def test_where_not_all_layers_have_room_the_one_pointed_at_is_in_view(bench):
    deep = bench(WIDE.replace("[300]", str([12] * 20)))
    (heading, *_) = text(drawn(deep, "weights", 0, LOOKS[0], Target("W", None, 17), width=40))
    assert "▸W₁₇" in heading
    (labels, *_) = text(drawn(deep, "network", 0, LOOKS[0], Target("z", None, 17), width=30))
    assert "▸z₁₇" in labels


@pytest.mark.parametrize("one", LOOKS)
def test_a_unit_and_a_layer_are_marked_in_the_network(stepped, one):
    mark = one.glyphs.pointing
    lines = text(drawn(stepped, "network", 1, one, Target("delta", "deep", 2, (1,))))
    assert sum(line.count(mark) for line in lines) == 1
    (row,) = [line for line in lines if mark in line]
    assert row[row.index(mark) + 1] in one.glyphs.unit + one.glyphs.dead + one.glyphs.saturated
    (labels, *_) = text(drawn(stepped, "network", 1, one, Target("a", "deep", 2)))
    assert f"{mark}z{one.subscript(2)}" in labels


@pytest.mark.parametrize("one", LOOKS)
def test_units_without_room_are_marked_where_they_would_be(bench, one):
    lines = text(drawn(bench(WIDE), "network", 0, one, Target("z", None, 1, (0,)), Target("z", None, 1, (299,))))
    assert any(f"{one.glyphs.pointing}{one.glyphs.continues}" in line for line in lines)
    assert any(f"{one.glyphs.pointing}{one.glyphs.unit}" in line for line in lines)


@pytest.mark.parametrize("one", LOOKS)
def test_a_sample_is_marked_in_the_map(stepped, one):
    lines = text(drawn(stepped, "function", 1, one, Target("z", "deep", 2, (7, 1))))
    assert sum(line.count(f"{one.glyphs.pointing}{one.glyphs.selected}") for line in lines) == 1
    assert not any(one.glyphs.selected in line for line in text(drawn(stepped, "function", 1, one, Target("loss"))))


@pytest.mark.parametrize("one", LOOKS)
def test_the_lines_of_the_screen_begin_with_a_mark(stepped, one):
    mark = one.glyphs.pointing
    for name in ("header", "equation", "timeline"):
        frame = pointing(stepped, Target(name))
        lines = {
            "header": header(frame, 80, one),
            "equation": equation_lines(frame, "", 80, one)[0],
            "timeline": draw_timeline(frame, 80, one).line,
        }
        assert {line for line, drawn in lines.items() if text([drawn])[0].startswith(mark)} == {name}
        assert line_mark(frame, name, one) == mark
    assert line_mark(stepped.frame(), "header", one) == " "


def test_nothing_is_drawn_of_a_gradient_before_the_first_step(bench):
    one = bench()
    lines = text(drawn(one, "gradients", 0, LOOKS[0], Target("dW", "wide", 1, (0, 0))))
    assert "".join(lines).split() == "".join(text(PANES["batch"].draw(one.studied("batch")).lines)).split()
    assert "".join(lines).split() == ["Nothing", "is", "computed", "yet:", "s", "goes", "into", "the", "step."]


def test_a_target_of_a_lane_that_was_closed_marks_nothing(stepped):
    frame = pointing(stepped, Target("W", "gone", 2, (0, 0)))
    assert not any(pointed(frame, kind, lane) for kind in PANES for lane in frame.lanes)
