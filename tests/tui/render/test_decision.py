import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tui.render.decision import Samples, _many_classes, _two_classes, class_map, decision_map
from tui.render.palette import look
from tui.render.pixelmap import centred, grid_points, interpolated, pixels, square
from tui.render.shades import STEPS

SQUARE = ((-1.0, 1.0), (-1.0, 1.0))
LOOKS = st.builds(look, st.sampled_from(["dark", "light", "contrast"]), st.booleans(), st.booleans())
MONO = look("dark", ascii=True, color=False)
DARK = look("dark", ascii=False, color=True)


def texts(plot):
    return ["".join(segment.text for segment in line) for line in plot.lines]


def exactly(plot, width, height):
    lines = plot.lines
    return len(lines) == height and all(sum(segment.cell_length for segment in line) == width for line in lines)


def samples_of(points, classes):
    return Samples(np.array(points, float).reshape(-1, 2), np.array(classes))


@given(
    arrays.arrays(np.float64, arrays.array_shapes(min_dims=2, max_dims=2, max_side=30), elements=st.floats()),
    st.lists(st.tuples(st.floats(), st.floats(), st.integers(0, 9)), max_size=20),
    st.integers(0, 70),
    st.integers(0, 20),
    LOOKS,
)
def test_a_map_has_exactly_the_size_asked_for(values, points, width, height, one):
    samples = samples_of([point[:2] for point in points], [point[2] for point in points])
    drawn = decision_map(values, SQUARE, width, height, one, level=0.5, reach=0.5, samples=samples)
    assert exactly(drawn, width, height)
    classes = np.arange(values.size).reshape(values.shape)
    assert exactly(class_map(classes, SQUARE, width, height, one, samples=samples), width, height)


def test_up_is_up_and_the_contour_lies_between_the_signs():
    rows, columns = pixels(8, 7, MONO)
    x2 = grid_points(rows, columns, SQUARE)[:, 1].reshape(rows, columns)
    drawn = texts(decision_map(x2, SQUARE, 8, 7, MONO, level=0.0, reach=1.0))
    assert [set(line) - {" "} for line in drawn[:-1]] == [{"#"}, {"*"}, {"+"}, set(), {"~"}, {"="}]
    assert drawn[-1].startswith("x1 -1~1")


def cell_of(values, one, draw=decision_map, **more):
    """The only cell of a map of four values, the upper ones first: its glyph, and its colours as shades."""
    ((cell,),) = draw(np.array(values, float)[::-1], SQUARE, 1, 1, one, **more).lines
    colors = [*_two_classes(one).shades] if draw is decision_map else [*_many_classes(one).shades]
    return cell.text, *(colors.index(color.name) for color in (cell.style.color, cell.style.bgcolor))


def test_a_cell_has_four_pixels_in_two_shades():
    one = look()
    assert pixels(8, 7, one) == (12, 16)
    shade = {"level": 0.0, "reach": float(STEPS)}
    assert cell_of([[9, 9], [3, 3]], one, **shade) == ("▀", STEPS + 9, STEPS + 3)
    assert cell_of([[3, 3], [9, 9]], one, **shade) == ("▄", STEPS + 9, STEPS + 3)
    assert cell_of([[9, 3], [9, 3]], one, **shade) == ("▌", STEPS + 9, STEPS + 3)
    assert cell_of([[3, 9], [9, 3]], one, **shade) == ("▞", STEPS + 9, STEPS + 3)
    assert cell_of([[9, 7], [2, 4]], one, **shade) == ("▀", STEPS + 8, STEPS + 3)
    assert cell_of([[4, 4], [4, 4]], one, **shade) == ("▀", STEPS + 4, STEPS + 4)


def test_in_a_cell_with_a_line_that_is_one_of_the_shades():
    """The contour runs through the two on the right: of neighbours on both sides of 0 the nearer ones."""
    one = look()
    contour = 2 * STEPS + 1
    drawn = cell_of([[-9, 2], [-9, 2]], one, level=0.0, reach=float(STEPS))
    assert drawn == ("▐", contour, STEPS - 9)


def test_of_classes_a_cell_shows_two_never_a_mean():
    one = look()
    assert cell_of([[0, 2], [0, 2]], one, class_map) == ("▐", 2, 0)
    assert cell_of([[5, 5], [5, 5]], one, class_map)[1:] == (5, 5)


def test_between_points_farther_apart_values_are_linear():
    coarse = np.array([[0.0, 4.0]])
    assert interpolated(coarse, 2, 4).tolist() == [[0.0, 1.0, 3.0, 4.0]] * 2
    assert interpolated(coarse, 1, 2) is coarse


def test_samples_lie_where_they_belong_and_show_their_class():
    values = np.ones((6, 30))
    samples = samples_of([(-0.99, -0.99), (0.99, 0.99)], [0, 1])
    drawn = texts(decision_map(values, SQUARE, 30, 7, MONO, level=0.0, reach=1.0, samples=samples))
    assert drawn[0][-1] == MONO.glyphs.high_class
    assert drawn[5][0] == MONO.glyphs.low_class


@pytest.mark.parametrize("one", [look(), look("light"), look("contrast", ascii=True)])
def test_a_sample_is_marked_in_another_colour_than_the_map_below(one):
    for value in (-1.0, 1.0):
        for number in (0, 1):
            samples = samples_of([(0, 0)], [number])
            drawn = decision_map(np.full((2, 3), value), SQUARE, 3, 1, one, level=0.0, reach=1.0, samples=samples)
            style = drawn.lines[0][1].style
            assert style.color.triplet != style.bgcolor.triplet


def test_of_a_crowd_some_are_shown_and_counted():
    points = np.random.default_rng(0).uniform(-1, 1, (500, 2))
    samples = Samples(points, np.zeros(500))
    drawn = texts(decision_map(np.ones((1, 1)), SQUARE, 60, 8, MONO, level=0.0, reach=1.0, samples=samples))
    shown = "".join(drawn[:-1]).count(MONO.glyphs.low_class)
    assert f"{shown} of 500 drawn" in drawn[-1]
    assert 0 < shown <= 7 * 60 / 3


def test_classes_are_digits_without_colour():
    drawn = texts(class_map(np.array([[0, 2]]), SQUARE, 4, 2, MONO))
    assert set(drawn[0][:2]) == {"0", " "}
    assert set(drawn[0][2:]) == {"2", " "}


def test_samples_stand_out_from_the_digits_of_their_class_without_colour():
    drawn = class_map(np.zeros((4, 9)), SQUARE, 9, 5, MONO, samples=samples_of([(0, 0)], [0])).lines
    assert [segment.text for line in drawn[:-1] for segment in line if segment.style.reverse] == ["0"]


def test_a_square_domain_shows_a_circle_as_a_circle():
    (left, right), (bottom, top) = square(SQUARE, 28, 11)
    assert (bottom, top) == (-1, 1)
    assert math.isclose((right - left) / 28, (top - bottom) / 20)
    assert math.isclose(left, -right)


def test_a_flat_picture_is_not_mostly_empty():
    assert square(SQUARE, 80, 11) == [(-1.5, 1.5), (-1.0, 1.0)]


def test_the_line_below_a_map_loses_the_note_before_the_names():
    values, domain = np.zeros((4, 4)), ((-1.2345, 1.0), (-0.5551, 2.0))
    samples = Samples(np.zeros((500, 2)), np.zeros(500))
    captions = [
        texts(decision_map(values, domain, width, 6, MONO, level=0, reach=1, samples=samples))[-1].rstrip()
        for width in (50, 36, 24, 18)
    ]
    assert captions == [
        "x1 -1.2~1  x2 -0.6~2  1 of 500 drawn",
        "x1 -1.2~1  x2 -0.6~2  1 of 500 drawn",
        "x1 -1.2~1  x2 -0.6~2",
        "-1.2~1 x -0.6~2",
    ]


@pytest.mark.parametrize(("width", "domain"), [(24, (-1.875, 1.725)), (25, (-1.8, 1.8)), (24, (-1.725, 1.875))])
def test_the_line_below_a_map_around_0_says_so_also_where_it_was_moved_by_half_a_cell(width, domain):
    drawn = decision_map(np.zeros((4, 4)), (domain, (0.98, 1.02)), width, 6, MONO, level=0, reach=1)
    assert texts(drawn)[-1].rstrip() in ("x1 -1.8~1.8  x2 0.98~1.02", "-1.8~1.8 x 0.98~1.02")


@given(st.floats(-10, 10), st.floats(0.1, 10), st.integers(1, 80), st.integers(2, 40))
def test_a_centred_domain_has_0_in_the_middle_of_a_cell(low, length, width, height):
    domain = ((low, low + length), (-length, length))
    moved = centred(domain, width, height)
    for (left, right), (first, last), cells in zip(domain, moved, (width, height - 1), strict=True):
        cell = (right - left) / cells
        assert last - first == pytest.approx(right - left)
        assert abs(first - left) <= cell / 2 + 1e-9
        if left <= 0 < right:
            assert -first / cell % 1 == pytest.approx(0.5)


def test_a_symmetric_domain_of_an_odd_number_of_cells_stays():
    assert centred(SQUARE, 9, 6) == [pytest.approx(side) for side in SQUARE]


def test_halves_of_cells_have_the_shades_of_their_points():
    rows = np.array([[0.2, 0.2], [1, 1], [1, 1], [0.2, 0.2]])  # the lowest first
    lines = decision_map(rows, SQUARE, 1, 3, DARK, level=0.0, reach=1.0, halves=True).lines
    assert texts(decision_map(rows, SQUARE, 1, 3, DARK, level=0.0, reach=1.0, halves=True))[:2] == ["▀", "▀"]
    upper, lower = lines[0][0].style, lines[1][0].style
    assert upper.bgcolor == lower.color
    assert upper.color == lower.bgcolor
    assert upper.color != upper.bgcolor


def test_samples_answered_wrongly_can_stand_alone():
    points = np.random.default_rng(0).uniform(-1, 1, (500, 2))
    samples = Samples(points, np.zeros(500), np.array([3, 40, 77]), only_wrong=True)
    drawn = texts(decision_map(np.ones((1, 1)), SQUARE, 60, 8, MONO, level=0.0, reach=1.0, samples=samples))
    assert "".join(drawn[:-1]).count(MONO.glyphs.low_wrong) == 3
    assert MONO.glyphs.low_class not in "".join(drawn[:-1])
    assert drawn[-1].rstrip().endswith(f"{MONO.glyphs.low_wrong} wrong")
