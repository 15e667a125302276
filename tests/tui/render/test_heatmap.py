from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tui.render.heatmap import Entry, heatmaps
from tui.render.matrix_cells import Block, values_of
from tui.render.numbers import number
from tui.render.palette import look

MONO = look("dark", ascii=True, color=False)
LOOKS = st.builds(look, st.sampled_from(["dark", "light", "contrast"]), st.booleans(), st.booleans())


def texts(lines):
    return ["".join(segment.text for segment in line) for line in lines]


def blocks_of(*sizes, seed=0):
    rng = np.random.default_rng(seed)
    return [
        Block(f"W{layer}", rng.normal(size=(out, inputs)), rng.normal(size=out))
        for layer, (inputs, out) in enumerate(pairwise(sizes), start=1)
    ]


@st.composite
def blocks(draw):
    shape = st.tuples(st.integers(1, 40), st.integers(1, 40))
    values = st.floats(width=64)
    found = []
    for size in draw(st.lists(shape, min_size=0, max_size=6)):
        matrix = draw(arrays.arrays(np.float64, size, elements=values))
        bias = draw(st.none() | arrays.arrays(np.float64, size[0], elements=values))
        found.append(Block("W", matrix, bias, dimmed=draw(st.booleans()), current=draw(st.booleans())))
    return found


@given(blocks(), st.integers(0, 130), st.integers(0, 30), st.floats(), LOOKS)
def test_a_heat_map_has_exactly_the_size_asked_for(drawn, width, height, scale, one):
    lines = heatmaps(drawn, width, height, scale, one).lines
    assert len(lines) == height
    assert all(sum(segment.cell_length for segment in line) == width for line in lines)


@given(
    st.lists(st.integers(1, 150), min_size=2, max_size=8),
    st.integers(1, 120),
    st.integers(2, 20),
    st.integers(0),
    LOOKS,
)
def test_a_cell_and_the_entry_in_it_find_each_other(sizes, width, height, pick, one):
    found = blocks_of(*sizes)
    drawn = heatmaps(found, width, height, 1.0, one)
    for y in range(height):
        for x in range(width):
            entry = drawn.entry(x, y)
            if entry is not None:
                at = drawn.position(entry)
                assert drawn.entry(*at) == entry
                assert 0 <= at[0] <= x
                assert 0 < at[1] <= y
    block = pick % len(found)
    matrix = found[block].matrix
    entry = Entry(block, pick % len(matrix), pick % (matrix.shape[1] + 1))
    at = heatmaps(found, width, height, 1.0, one, entry).position(entry)
    assert at is not None
    assert at[1] < height


def test_the_sign_and_the_size_can_be_read_without_colour():
    matrix = np.array([[1.0, 0.5, 0.1], [-1.0, -0.5, -0.1], [0.0, np.nan, np.inf]])
    drawn = heatmaps([Block("W", matrix)], 3, 4, 1.0, MONO)
    assert texts(drawn.lines) == ["W  ", "#*+", "=~-", ".?#"]


def test_a_pool_shows_its_largest_magnitude_with_the_sign_and_says_so():
    matrix = np.full((8, 2), 0.01)
    matrix[5, 0], matrix[2, 1] = -0.9, 0.9
    drawn = heatmaps([Block("W", matrix, -np.arange(8.0))], 5, 3, 1.0, MONO)
    assert texts(drawn.lines) == ["W 8x2", ".# = ", "=. = "]
    assert drawn.captions[0] == "W 8 rows pooled by 4"
    assert drawn.entry(0, 2) == Entry(0, 5, 0)
    assert drawn.position(Entry(0, 7, 0)) == (0, 2)


def test_columns_are_pooled_where_layers_share_the_width():
    drawn = heatmaps(blocks_of(2, 128, 1), 46, 9, 1.0, MONO)
    assert drawn.captions[0] == "W1 128 rows pooled by 16, W2 128 columns pooled by 4"


def test_wide_cells_hold_their_number():
    drawn = heatmaps([Block("W", np.array([[0.25, -0.0125]]), np.array([3.0]))], 40, 2, 1.0, MONO)
    assert texts(drawn.lines)[1].split() == ["0.2500", "-0.01250", "3.000"]


@pytest.mark.parametrize("one", [look(), MONO])
def test_current_dimmed_and_selected_look_different(one):
    matrix = np.ones((1, 1))
    pictures = [
        heatmaps([Block("W", matrix)], 4, 2, 1.0, one),
        heatmaps([Block("W", matrix, dimmed=True)], 4, 2, 1.0, one),
        heatmaps([Block("W", matrix, current=True)], 4, 2, 1.0, one),
        heatmaps([Block("W", matrix)], 4, 2, 1.0, one, Entry(0, 0, 0)),
    ]
    assert len({str(drawn.lines) for drawn in pictures}) == 4


def test_without_room_for_all_layers_those_around_the_current_one_are_shown():
    found = [Block(f"W{layer}", np.ones((2, 2)), current=layer == 40) for layer in range(64)]
    drawn = heatmaps(found, 30, 4, 1.0, MONO)
    assert drawn.captions[0] == "38 to 43 of 64"
    assert "W40" in texts(drawn.lines)[0]
    assert drawn.position(Entry(0, 0, 0)) is None


def test_with_colour_two_rows_stand_in_a_line_before_rows_are_pooled():
    matrix = np.array([[1.0, -1.0], [-1.0, 1.0], [0.0, np.nan]])
    one = look()
    drawn = heatmaps([Block("W", matrix)], 2, 3, 1.0, one)
    blue, orange, grey = one.palette.positive, one.palette.negative, one.palette.neutral
    halves = [
        [(segment.style.color.name, segment.style.bgcolor.name) for segment in line for _ in segment.text]
        for line in drawn.lines[1:]
    ]
    below = one.palette.background
    assert halves == [[(blue, orange), (orange, blue)], [(grey, below), (one.palette.bad, below)]]
    assert drawn.captions == ("",)
    assert drawn.entry(1, 2) == Entry(0, 2, 1)
    assert drawn.position(Entry(0, 1, 1)) == (1, 1)


@pytest.mark.parametrize("row", [0, 1])
def test_the_selected_half_of_a_line_is_marked(row):
    one = look()
    lines = heatmaps([Block("W", np.ones((4, 1)))], 1, 3, 1.0, one, Entry(0, row, 0)).lines
    style = lines[1][0].style
    assert [style.color.name, style.bgcolor.name][row] == one.palette.accent
    assert [style.color.name, style.bgcolor.name][1 - row] == one.palette.positive


def test_blocks_stand_below_each_other_where_only_so_their_numbers_have_room():
    """2-2-1 in 38 columns: six cells of 6 and the gaps between them need 40."""
    found = blocks_of(2, 2, 1)
    lines = texts(heatmaps(found, 38, 11, 1.0, MONO).lines)
    (second,) = [y for y, line in enumerate(lines) if line.startswith("W2")]
    assert second > 2
    numbers = {number(value).strip() for block in found for value in values_of(block).ravel()}
    assert set(" ".join(lines[1:]).split()) - {"W2", "1x2"} == numbers
    assert texts(heatmaps(found, 40, 11, 1.0, MONO).lines)[0].split() == ["W1", "2x2", "W2", "1x2"]
    assert texts(heatmaps(found, 38, 4, 1.0, MONO).lines)[0].split() == ["W1", "2x2", "W2", "1x2"]
