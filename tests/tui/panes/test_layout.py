from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from tui.panes.layout import LEAST, PaneId, Region, arrange, headed, pane_order

KINDS = ("function", "network", "weights", "gradients", "batch", "loss", "norms", "curvature", "lesson")
SHARED = frozenset(("loss", "norms", "curvature", "lesson"))

ROOMS = st.builds(Region, st.just(0), st.integers(0, 3), st.integers(60, 260), st.integers(16, 80))
CHOICES = st.lists(st.sampled_from(KINDS), min_size=1, unique=True)
LANES = st.integers(1, 4)


def overlap(one, other):
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


@given(ROOMS, CHOICES, LANES, st.data())
def test_panes_tile_the_room_and_none_is_too_small(room, kinds, lanes, data):
    order = pane_order(kinds, SHARED, lanes)
    focused = data.draw(st.none() | st.sampled_from(order))
    front = focused.lane if focused and focused.lane is not None else data.draw(st.integers(0, lanes - 1))
    regions = list(arrange(room, kinds, SHARED, lanes, front, focused).values())
    assert all(region.width >= LEAST[0] and region.height >= LEAST[1] for region in regions)
    assert all(room.x <= region.x and region.x + region.width <= room.x + room.width for region in regions)
    assert all(room.y <= region.y and region.y + region.height <= room.y + room.height for region in regions)
    assert not any(overlap(*pair) for pair in combinations(regions, 2))
    area = sum(region.width * region.height for region in regions)
    between = (lanes - 1) * room.height + room.width  # lines and columns that make lanes alike
    assert room.width * room.height - between <= area <= room.width * room.height


@given(ROOMS, CHOICES, LANES)
def test_panes_of_one_kind_are_alike(room, kinds, lanes):
    layout = arrange(room, kinds, SHARED, lanes, 0, None)
    for kind in {pane.kind for pane in layout} - SHARED:
        assert len({region[2:] for pane, region in layout.items() if pane.kind == kind}) == 1


@given(ROOMS, CHOICES, LANES)
def test_every_pane_is_in_view_once_it_is_focused(room, kinds, lanes):
    for pane in pane_order(kinds, SHARED, lanes):
        front = pane.lane or 0
        assert pane in arrange(room, kinds, SHARED, lanes, front, pane)


@given(ROOMS, CHOICES, LANES)
def test_panes_of_any_kind_in_view_are_those_of_all_lanes(room, kinds, lanes):
    layout = arrange(room, kinds, SHARED, lanes, lanes - 1, None)
    for kind in {pane.kind for pane in layout} - SHARED:
        shown = {pane.lane for pane in layout if pane.kind == kind}
        assert shown == set(range(lanes)) or room.width // lanes < LEAST[0]


def test_at_120x40_two_lanes_stand_side_by_side_over_the_charts_with_the_lesson_beside():
    room = Region(0, 0, 120, 36)
    kinds = ("function", "weights", "gradients", "loss", "norms", "lesson")
    layout = arrange(room, kinds, SHARED, 2, 0, None)
    assert set(layout) == set(pane_order(kinds, SHARED, 2))
    assert layout[PaneId("lesson", None)] == Region(90, 0, 30, 36)
    for kind in ("function", "weights", "gradients"):
        left, right = layout[PaneId(kind, 0)], layout[PaneId(kind, 1)]
        assert (left.width, left.y, left.height) == (right.width, right.y, right.height) == (45, left.y, left.height)
    assert layout[PaneId("loss", None)].y == layout[PaneId("norms", None)].y == 26
    heights = [layout[PaneId(kind, 0)].height for kind in ("function", "weights", "gradients")]
    assert heights[0] > heights[1] == heights[2]


def test_at_80x24_both_lanes_are_shown_over_a_chart_and_other_panes_are_pages():
    room = Region(0, 0, 80, 19)
    kinds = ("function", "weights", "gradients", "loss", "norms", "lesson")
    first = arrange(room, kinds, SHARED, 2, 1, None)
    assert list(first) == [PaneId("loss", None), PaneId("function", 0), PaneId("function", 1)]
    assert first[PaneId("function", 0)] == Region(0, 0, 40, 11)
    weights = arrange(room, kinds, SHARED, 2, 1, PaneId("weights", 1))
    assert list(weights) == [PaneId("loss", None), PaneId("weights", 0), PaneId("weights", 1)]
    norms = arrange(room, kinds, SHARED, 2, 1, PaneId("norms", None))
    assert list(norms) == [PaneId("norms", None), PaneId("function", 0), PaneId("function", 1)]
    lesson = arrange(room, kinds, SHARED, 2, 1, PaneId("lesson", None))
    assert lesson[PaneId("lesson", None)].height == 11


def test_at_80x24_one_lane_is_shown_four_panes_a_page():
    room = Region(0, 0, 80, 19)
    kinds = ("function", "weights", "gradients", "loss", "norms", "lesson")
    first = arrange(room, kinds, SHARED, 1, 0, PaneId("weights", 0))
    assert [pane.kind for pane in first] == ["function", "weights", "gradients", "loss"]
    second = arrange(room, kinds, SHARED, 1, 0, PaneId("norms", None))
    assert list(second) == [PaneId("norms", None), PaneId("lesson", None)]


@given(ROOMS, CHOICES, LANES)
def test_the_topmost_pane_of_every_lane_in_view_carries_its_name(room, kinds, lanes):
    layout = arrange(room, kinds, SHARED, lanes, 0, None)
    named = headed(layout)
    assert sorted(pane.lane for pane in named) == sorted({pane.lane for pane in layout if pane.lane is not None})
    for pane in named:
        mine = [region for other, region in layout.items() if other.lane == pane.lane]
        assert layout[pane].y == min(region.y for region in mine)
