"""In front of a class: two panes at most, the guide's words whole and over them, whatever the lesson and the screen."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.panes.test_guide import LOOKS, PAGES, SIZES
from tui.panes.guide import draw_guide, large_box
from tui.panes.large import MOST, arrange_large
from tui.panes.layout import BAND, GUIDE, LEAST, PaneId, Region, pane_order
from tui.panes.pane import CORNERS, Options
from tui.panes.registry import PANES, SHARED
from tui.render.cells import longest
from tui.render.palette import look


def placed(size, kinds, lanes=2, front=0, focused=None, page="say", zoomed=False):
    room = Region(0, 1, size[0], size[1] - 5)
    box = large_box(PAGES[page], look(), "") if page else None
    return room, arrange_large(room, kinds, SHARED, lanes, front, focused, box, zoomed)


def words(text):
    return "".join(text.split())


@given(
    st.tuples(st.integers(60, 240), st.integers(20, 80)),
    st.lists(st.sampled_from(sorted(PANES)), min_size=1, unique=True),
    st.integers(1, 4),
    st.sampled_from([None, *PAGES]),
    st.booleans(),
    st.data(),
)
def test_two_panes_at_most_fill_the_room_below_the_words(size, kinds, lanes, page, zoomed, data):
    others = [kind for kind in kinds if page is None or kind != "lesson"]
    order = pane_order(others, SHARED, lanes)
    focused = data.draw(st.sampled_from([None, *order]))
    front = data.draw(st.integers(0, lanes - 1))
    room, layout = placed(size, kinds, lanes, front, focused, page, zoomed)
    panes = [pane for pane in layout if page is None or pane != GUIDE]
    assert len(panes) <= MOST
    assert set(panes) <= set(order)
    assert sum(region.width * region.height for region in layout.values()) == room.width * room.height
    assert all(layout[pane].height >= LEAST[1] for pane in panes)
    if panes and focused:
        assert focused in panes
    if page and panes:
        assert (layout[GUIDE].y, layout[GUIDE].width) == (room.y, room.width)
        assert layout[GUIDE].height >= BAND


def test_a_kind_of_pane_of_two_lanes_is_a_page_and_tab_comes_to_every_pane():
    kinds = ("function", "weights", "loss", "lesson")
    _, layout = placed((120, 40), kinds)
    assert set(layout) == {GUIDE, PaneId("function", 0), PaneId("function", 1)}
    seen = {
        pane for focused in pane_order(kinds[:-1], SHARED, 4) for pane in placed((120, 40), kinds, 4, 0, focused)[1]
    }
    assert seen == {GUIDE, *pane_order(kinds[:-1], SHARED, 4)}
    assert set(placed((120, 40), kinds, 1)[1]) == {GUIDE, PaneId("function", 0), PaneId("weights", 0)}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("one", LOOKS)
def test_the_longest_page_is_whole_and_leaves_room_for_pictures(bench, page, size, one):
    guide = PAGES[page]
    box = large_box(guide, one, "")
    room = Region(0, 0, size[0], size[1] - 5)
    layout = arrange_large(room, ("function",), SHARED, 2, 0, None, box)
    region = layout[GUIDE]
    view = bench().view(width=region.width - 2, height=region.height - 2, options=Options(large=True))
    drawing = draw_guide(guide, replace(view, look=one))
    lines = ["".join(segment.text for segment in line) for line in drawing.lines]
    assert {len(line) for line in lines} == {view.width}
    shown = words(" ".join([longest(view.width - CORNERS, *drawing.titles), *lines]))
    for text in (guide.ask, guide.say, *guide.choices):
        assert words(text) in shown
    if guide.say and not guide.choices:
        assert len(layout) == 3
        assert region.height <= max(room.height // 2, 9)
