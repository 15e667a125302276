"""The guide's box: every page that a file may hold is whole on every screen, beside the lanes it is about."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.guide import Target
from tui.panes.guide import box, draw_guide
from tui.panes.layout import GUIDE, PaneId, Region, arrange
from tui.panes.pane import CORNERS
from tui.panes.registry import SHARED
from tui.render.cells import longest
from tui.render.palette import look
from tui.session.frame import GuideView, LessonView

SIZES = [(80, 24), (100, 30), (110, 24), (120, 40), (200, 60)]
LOOKS = [look(), look(ascii=True), look(color=False), look(ascii=True, color=False)]
KINDS = ("function", "weights", "gradients", "loss", "norms", "lesson")

TITLE = "A title of exactly forty characters here"
WORDS = " ".join(f"word{number:02}is" for number in range(45))
CHOICES = tuple(f"choice {number} {'is as long as a choice may ever be in any file':<50}." for number in range(6))
DONE = (True, True, False, False, False, False, False, False, False)
PAGE = GuideView(3, DONE, TITLE, targets=(Target("function"),))
PAGES = {
    "say": replace(PAGE, say=WORDS, waits="step 500 · space plays, + faster"),
    "hint": replace(PAGE, say=WORDS, waits="step 500 · space plays", hint="n makes one step, N ten  pgdn passes on."),
    "ask": replace(PAGE, ask=WORDS, choices=CHOICES, asking=True, waits="your answer · y"),
    "reply": replace(PAGE, say=WORDS, choices=CHOICES, chosen=1, right=4),
    "short": replace(PAGE, title="Run", say="space plays.", targets=()),
}


def layout(page, size, lanes, one, kinds=KINDS):
    room = Region(0, 0, size[0], size[1] - 5)
    return arrange(room, kinds, SHARED, lanes, 0, None, box(page, one, ""))


def shown(bench, page, region, one):
    """All text of the box: what stands in its upper border, its lines, its lower border."""
    view = replace(bench().view(width=region.width - 2, height=region.height - 2), look=one)
    drawing = draw_guide(page, view)
    room = view.width - CORNERS
    lines = ["".join(segment.text for segment in line) for line in drawing.lines]
    assert len(lines) == view.height
    assert all(len(line) == view.width for line in lines)
    return "\n".join([longest(room, *drawing.titles), *lines, longest(room, *drawing.subtitles)])


def words(text):
    return " ".join(text.split())


def test_the_pages_are_as_long_as_a_file_allows():
    assert len(TITLE) == 40
    assert len(WORDS.split()) == 45
    assert {len(choice) for choice in CHOICES} == {60}


@pytest.mark.parametrize("lanes", [1, 2, 3, 4])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_page_is_whole_beside_its_lanes(bench, page, size, lanes):
    for one in LOOKS:
        regions = layout(page, size, lanes, one)
        text = words(shown(bench, page, regions[GUIDE], one))
        choices = page.choices if page.asking else page.choices[1:5:3]
        for part in (page.title, page.ask, page.say, page.hint, page.waits, *choices):
            assert words(part) in re.sub(r" · yours", "", text), part
        assert "3/9" in text
        assert (one.glyphs.pointing in text) == bool(page.targets)
        pictures = [regions[PaneId("function", lane)] for lane in range(lanes)]
        assert all(region.height >= 5 and region.width >= 18 for region in pictures)


@pytest.mark.parametrize("size", SIZES)
def test_a_reply_that_asks_again_leaves_out_at_most_what_is_neither_yours_nor_right(bench, size):
    page = replace(PAGES["reply"], ask=WORDS.replace("word", "asks"))
    for one in LOOKS:
        regions = layout(page, size, 2, one)
        text = words(shown(bench, page, regions[GUIDE], one))
        assert words(page.say) in text
        assert words(CHOICES[1]) in text
        assert words(CHOICES[4]) in text
        assert PaneId("function", 1) in regions


@pytest.mark.parametrize("one", LOOKS)
def test_your_answer_and_the_right_one_are_told_apart_without_colour(bench, one):
    yes, no = ("v", "x") if one.ascii else ("✓", "✗")
    page = replace(PAGES["reply"], choices=("one", "two", "three"), chosen=0, right=2)
    text = shown(bench, page, Region(0, 0, 60, 20), one)
    assert f"{no} 1 one · yours" in text
    assert "  2 two " in text
    assert f"{yes} 3 three " in text
    unclear = shown(bench, replace(page, right=None), Region(0, 0, 60, 20), one)
    assert f"{one.glyphs.low_class} 1 one · yours" in unclear
    assert f"{yes} " not in unclear.replace("yours", "")


def test_progress_says_which_stages_are_done_and_which_is_open(bench):
    for one, marks in ((LOOKS[0], "●●◉○○○○○○ 3/9"), (LOOKS[1], "##@...... 3/9")):
        assert marks in shown(bench, PAGES["short"], Region(0, 0, 60, 10), one)


@given(
    st.lists(st.text("abcdefghijklmnop.,", min_size=1, max_size=8), min_size=1, max_size=45),
    st.lists(st.lists(st.text("abcdef", min_size=1, max_size=8), min_size=1, max_size=6), max_size=6),
    st.sampled_from(SIZES),
    st.integers(1, 4),
    st.sampled_from(["header", "function", "loss", "timeline"]),
)
def test_any_page_is_whole_and_covers_no_pane(bench, say, choices, size, lanes, target):
    page = GuideView(1, (False,) * 12, TITLE, say=" ".join(say), targets=(Target(target),))
    if choices:
        page = replace(page, ask=page.say, say="", choices=tuple(map(" ".join, choices)), asking=True)
    regions = layout(page, size, lanes, LOOKS[0])
    text = words(shown(bench, page, regions[GUIDE], LOOKS[0]))
    assert all(words(part) in text for part in (page.ask, page.say, *page.choices))
    cells = [(x, y) for r in regions.values() for x in range(r.x, r.x + r.width) for y in range(r.y, r.y + r.height)]
    between = (lanes - 1) * (size[1] - 5) + size[0]  # lines and columns that make lanes alike
    assert size[0] * (size[1] - 5) - between <= len(cells) == len(set(cells)) <= size[0] * (size[1] - 5)


def test_from_110_columns_the_box_is_the_right_column():
    regions = layout(PAGES["say"], (120, 40), 2, LOOKS[0])
    assert regions[GUIDE] == Region(88, 0, 32, 35)
    assert layout(PAGES["say"], (109, 40), 2, LOOKS[0])[GUIDE].width == 109


@pytest.mark.parametrize(("target", "place"), [("header", "top"), ("function", "middle"), ("equation", "bottom")])
def test_a_band_stands_by_what_it_speaks_of(target, place):
    regions = layout(replace(PAGES["short"], targets=(Target(target),)), (100, 30), 2, LOOKS[0])
    band, picture, chart = regions[GUIDE], regions[PaneId("function", 0)], regions[PaneId("loss", None)]
    assert band.height == 5
    order = {"top": [band, picture, chart], "middle": [picture, band, chart], "bottom": [picture, chart, band]}[place]
    assert [region.y for region in order] == sorted(region.y for region in order)


def test_a_question_takes_the_rows_of_the_chart_where_there_are_few():
    assert PaneId("loss", None) in layout(PAGES["short"], (80, 24), 2, LOOKS[0])
    assert PaneId("loss", None) not in layout(PAGES["ask"], (80, 24), 2, LOOKS[0])
    assert PaneId("loss", None) in layout(PAGES["ask"], (100, 36), 2, LOOKS[0])


def test_where_lines_are_few_those_that_the_page_speaks_of_have_them():
    of = {
        target: layout(replace(PAGES["short"], targets=(Target(target),)), (80, 24), 2, LOOKS[0])
        for target in ("function", "loss", "equation")
    }
    function, loss = PaneId("function", 0), PaneId("loss", None)
    assert loss not in of["function"]
    assert of["loss"][loss].height > of["loss"][function].height
    assert of["equation"][loss].height < of["equation"][function].height


def test_four_lanes_stand_as_their_pictures_show_more():
    narrow = layout(PAGES["short"], (80, 24), 4, LOOKS[0])
    assert len({narrow[PaneId("function", lane)].x for lane in range(4)}) == 4
    square = layout(PAGES["short"], (120, 50), 4, LOOKS[0], kinds=("function", "lesson"))
    assert len({square[PaneId("function", lane)].x for lane in range(4)}) == 2


def test_the_pane_in_focus_is_in_view_beside_the_guide_and_zoom_leaves_the_guide():
    room, page = Region(0, 0, 80, 19), PAGES["say"]
    for kind in KINDS[:-1]:
        pane = PaneId(kind, None if kind in SHARED else 1)
        assert pane in arrange(room, KINDS, SHARED, 2, 1, pane, box(page, LOOKS[0], ""))
        assert set(arrange(room, KINDS, SHARED, 2, 1, pane, box(page, LOOKS[0], ""), zoomed=True)) == {pane, GUIDE}


def test_a_lane_that_is_spoken_of_alone_has_the_room_of_all_while_one_of_its_pictures_is_in_focus():
    page = replace(PAGES["say"], targets=(Target("z", "deep", 2),))
    kinds, looked_at = ("network", "function", "loss", "lesson"), PaneId("network", 1)

    def shown(size, front="deep", focused=looked_at):
        return arrange(Region(0, 0, *size), kinds, SHARED, 2, 1, focused, box(page, LOOKS[0], front))

    alone = shown((80, 19))
    assert set(alone) == {looked_at, PaneId("function", 1), GUIDE}
    assert alone[looked_at].height == alone[PaneId("function", 1)].height > 10
    assert PaneId("network", 0) in shown((80, 19), front="wide")
    assert PaneId("loss", None) in shown((80, 19), focused=PaneId("loss", None))
    assert PaneId("function", 0) in shown((160, 55))


def test_the_pane_of_the_lesson_draws_the_guide_while_it_is_on(bench):
    one = bench()
    frame = replace(one.frame(), lesson=LessonView(guide=PAGES["short"]))
    from tui.panes.registry import PANES

    drawing = PANES["lesson"].draw(replace(one.view(), frame=frame))
    assert "space plays." in "".join(segment.text for line in drawing.lines for segment in line)
