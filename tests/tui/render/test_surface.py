import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tui.render.palette import look
from tui.render.pixelmap import grid_points, pixels
from tui.render.surface import LEVELS, surface_map

SQUARE = ((-1.0, 1.0), (-1.0, 1.0))
LOOKS = st.builds(look, st.sampled_from(["dark", "light", "contrast"]), st.booleans(), st.booleans())
MONO = look("dark", ascii=True, color=False)


def texts(plot):
    return ["".join(segment.text for segment in line) for line in plot.lines]


@given(
    arrays.arrays(np.float64, arrays.array_shapes(min_dims=2, max_dims=2, max_side=20), elements=st.floats()),
    st.none() | arrays.arrays(np.float64, st.tuples(st.integers(0, 9), st.just(2)), elements=st.floats()),
    st.integers(0, 60),
    st.integers(0, 20),
    st.booleans(),
    LOOKS,
)
def test_a_surface_has_exactly_the_size_asked_for(values, path, width, height, log, one):
    drawn = surface_map(values, SQUARE, width, height, one, log=log, path=path).lines
    assert len(drawn) == height
    assert all(sum(segment.cell_length for segment in line) == width for line in drawn)


def test_levels_rise_with_the_values():
    rows, columns = pixels(16, 9, MONO)
    x2 = grid_points(rows, columns, SQUARE)[:, 1].reshape(rows, columns)
    drawn = texts(surface_map(x2, SQUARE, 16, 9, MONO, log=False))
    weights = [max(LEVELS.index(glyph) for glyph in line) for line in drawn[:-1]]
    assert weights == list(range(7, -1, -1))
    assert drawn[-1].startswith("d1 -1~1")


def test_a_path_has_a_start_and_an_end():
    path = np.array([(-0.9, -0.9), (0, 0), (0.9, 0.9), (-0.9, -0.9), (0.9, 0.9)])
    drawn = texts(surface_map(np.ones((1, 1)), SQUARE, 9, 10, MONO, path=path))
    assert drawn[0][8] == MONO.glyphs.high_class
    assert drawn[4][4] == MONO.glyphs.points[0]
    assert drawn[8][0] == MONO.glyphs.low_class


def test_with_room_a_map_has_axes_with_names_numbers_and_a_unit():
    drawn = surface_map(np.ones((2, 2)), ((0.0, 4.0), (0.0, 2.0)), 60, 14, MONO, unit=", distance")
    lines = texts(drawn)
    assert lines[0].startswith("     d2")
    assert {line[:7].strip() for line in lines[:12]} >= {"0", "1"}
    assert lines[12].split("-")[0].strip() == "+0"
    assert lines[12].endswith("d1, distance")
    assert (drawn.left, drawn.columns, drawn.rows) == (8, 52, 12)
    assert drawn.column(0.0) == 8


def test_shades_go_over_the_heights_given_which_stand_below():
    values = np.array([[1.0, 10.0, 100.0, 1000.0]])
    wide = surface_map(values, SQUARE, 60, 14, MONO, heights=(1.0, 1e6), note="in all lanes")
    own = surface_map(values, SQUARE, 60, 14, MONO)
    highest = [max(LEVELS.index(glyph) for line in texts(one)[:12] for glyph in line[8:]) for one in (wide, own)]
    assert highest == [4, 7]
    assert texts(wide)[-1].split()[:2] == ["L", "1.000"]
    assert texts(wide)[-1].rstrip().endswith("1.000e+06 in all lanes")
    assert texts(own)[-1].rstrip().endswith("1000")
