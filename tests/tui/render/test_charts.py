import subprocess
import sys

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tui.render.cells import ink
from tui.render.charts import Series, _built, line_chart
from tui.render.palette import look
from tui.render.plot import Standing, with_cursor
from tui.render.strokes import painted, strokes
from tui.render.thinning import envelope, one_per_cell
from tui.render.ticks import axis_ticks, x_ticks

MONO = look("dark", ascii=True, color=False)
LOOKS = st.builds(look, st.sampled_from(["dark", "light", "contrast"]), st.booleans(), st.booleans())
VALUES = arrays.arrays(np.float64, st.integers(0, 60), elements=st.floats())


def texts(lines):
    return ["".join(segment.text for segment in line) for line in lines]


def exactly(lines, width, height):
    return len(lines) == height and all(sum(segment.cell_length for segment in line) == width for line in lines)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(VALUES, st.sampled_from(["line", "scatter", "cloud"]), st.booleans()), max_size=4),
    st.integers(0, 120),
    st.integers(0, 20),
    st.booleans(),
    st.floats(),
    LOOKS,
)
def test_a_chart_has_exactly_the_size_asked_for(drawn, width, height, log_y, x, one):
    series = [
        Series(f"series {index}", np.arange(len(y)), y, style, index, muted)
        for index, (y, style, muted) in enumerate(drawn)
    ]
    chart = line_chart(series, width, height, one, log_y=log_y, x_label="step")
    assert exactly(chart.lines, width, height)
    assert exactly(with_cursor(chart, x, one).lines, width, height)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(VALUES, st.sampled_from(["line", "scatter", "cloud"]), st.booleans()), max_size=4),
    st.integers(2, 60),
    st.integers(2, 20),
    LOOKS,
)
def test_what_moves_is_painted_as_plotext_does(drawn, width, height, one):
    told = []
    for number, (y, style, muted) in enumerate(drawn):
        series = Series("", np.arange(len(y)), y, style, number, muted)
        told += strokes(series, number, np.linspace(0, 1, len(y)), y, width, height, one)
    inks = tuple(ink(bold=bool(number % 2)) for number in range(len(drawn)))
    for lines in zip(_built(tuple(told), width, height, inks), painted(told, width, height, inks), strict=True):
        by_plotext, by_us = ([(c, s.style) for s in line for c in s.text if c != " "] for line in lines)
        assert by_plotext == by_us
        assert "".join(texts(lines[:1])) == "".join(texts(lines[1:]))


def test_a_line_goes_from_corner_to_corner_over_its_axes():
    series = Series("loss", np.array([0, 100]), np.array([0.0, 1.0]))
    chart = line_chart([series], 40, 9, MONO, x_label="step")
    lines = texts(chart.lines)
    plot = [line[8:] for line in lines[1:-1]]
    assert plot[0].rstrip().endswith("o")
    assert plot[-1].startswith("o")
    assert lines[0].strip() == "o loss"
    assert lines[1].startswith("      1+")
    assert lines[7].startswith("      0+")
    assert lines[8].startswith("       +0---")
    assert lines[8].endswith("step")


def test_powers_of_ten_are_the_ticks_of_a_logarithmic_axis():
    series = Series("loss", np.arange(4), np.array([1.0, 0.1, 0.01, 0.001]))
    assert [row[:8].strip() for row in texts(line_chart([series], 40, 9, look(), log_y=True).lines)[1:8:2]] == [
        "10⁰┤",
        "10⁻¹┤",
        "10⁻²┤",
        "10⁻³┤",
    ]
    narrow = Series("loss", np.arange(2), np.array([0.02, 0.05]))
    labels = {row[:7].strip() for row in texts(line_chart([narrow], 40, 9, MONO, log_y=True).lines)}
    assert {"0.02", "0.03", "0.05"} <= labels


def test_a_gap_breaks_the_line():
    y = np.ones(60)
    y[20:40] = np.nan
    chart = line_chart([Series("loss", np.arange(60), y)], 68, 6, MONO)
    (drawn,) = [line[8:] for line in texts(chart.lines)[1:-1] if "o" in line]
    assert drawn == "o" * 20 + " " * 20 + "o" * 20


def test_the_ranges_can_be_given():
    series = Series("loss", np.arange(10), np.full(10, 1e9))
    chart = line_chart([series], 40, 9, MONO, x_range=(0, 100), y_range=(0, 1))
    assert chart.high == 100
    assert not any("o" in line for line in texts(chart.lines)[1:])


def test_the_cursor_is_painted_in_the_column_of_its_x():
    chart = line_chart([Series("loss", np.arange(11), np.arange(11.0))], 52, 8, MONO)
    column = chart.column(5)
    assert column == 8 + 22
    assert chart.x(column) == pytest.approx(5, abs=10 / 44)
    before, after = texts(chart.lines), texts(with_cursor(chart, 5, MONO).lines)
    for row, (one, other) in enumerate(zip(before, after, strict=True)):
        inside = chart.top <= row < chart.top + chart.rows
        assert other == (one[:column] + "|" + one[column + 1 :] if inside else one)
    assert with_cursor(chart, 11, MONO).lines == chart.lines
    aside = texts(with_cursor(chart, 11, MONO, [Standing(11, 3.0, 0), Standing(5, 3.0, 1)]).lines)
    assert [(row, line.index("x")) for row, line in enumerate(aside) if "x" in line] == [(chart.row(3.0), column)]
    assert chart.x(7) is chart.x(52) is None


def test_lanes_have_marks_of_their_own_in_plot_and_legend():
    series = [Series(f"lane {i}", np.arange(200), np.full(200, float(i)), index=i) for i in range(4)]
    one = look(color=False)
    drawn = "".join(texts(line_chart(series, 100, 12, one).lines)[1:])
    assert all(drawn.count(mark) > 1 for mark in one.glyphs.lines)


def test_series_keep_their_colours():
    one = look()
    series = [
        Series("a", np.arange(9), np.arange(9.0), index=1),
        Series("b", np.arange(9), np.zeros(9), color="#123456"),
    ]
    chart = line_chart(series, 60, 8, one)
    used = {segment.style.color.name for line in chart.lines[1:-1] for segment in line if segment.style.color}
    assert {one.palette.series[1], "#123456"} <= used


@given(VALUES, st.integers(1, 20))
def test_the_envelope_holds_two_points_a_column_and_the_extremes(y, columns):
    x = np.linspace(0, 1, len(y)) if len(y) else np.zeros(0)
    kept = [index for stretch in envelope(x, y, columns) for index in stretch.tolist()]
    finite = np.isfinite(y)
    assert kept == sorted(set(kept))
    assert np.isfinite(y[kept]).all()
    column = np.minimum((x * columns).astype(int), columns - 1)
    for number in range(columns):
        mine = y[finite & (column == number)]
        shown = y[[index for index in kept if column[index] == number]]
        assert len(shown) <= 2
        if len(mine):
            assert shown.min() == mine.min()
            assert shown.max() == mine.max()


def test_a_cloud_keeps_one_point_a_cell():
    x, y = np.array([0.1, 0.11, 0.9, 2.0, np.nan]), np.array([0.1, 0.11, 0.9, 0.5, 0.5])
    assert one_per_cell(x, y, 4, 4).tolist() == [0, 2]


def test_plotext_is_imported_by_the_first_chart_and_not_before():
    code = "import sys, tui.render.charts; print('plotext' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"


def test_the_legend_joins_neighbours_of_one_name_and_leaves_out_what_has_none():
    x = np.arange(3)
    series = [
        Series("test", x, x, index=0),
        Series("test", x, x, index=1),
        Series("", x, x, index=2),
        Series("train", x, x, "cloud", index=3),
    ]
    assert texts(line_chart(series, 30, 6, MONO).lines)[0].split() == ["ox", "test", "'", "train"]


def test_a_name_in_wide_characters_keeps_the_width():
    chart = line_chart([Series("深いネットワーク", np.arange(3), np.arange(3))], 30, 6, look())
    assert exactly(chart.lines, 30, 6)
    assert exactly(line_chart([Series("深" * 40, np.arange(3), np.arange(3))], 31, 6, look()).lines, 31, 6)


def test_what_is_muted_is_drawn_behind_what_is_not():
    x, one = np.arange(50), look(ascii=True)
    front, back = Series("a", x, np.ones(50)), Series("b", x, np.ones(50), "cloud", 1, muted=True)
    drawn = "".join(texts(line_chart([front, back], 40, 6, one).lines)[1:-1])
    assert one.glyphs.lines[0] in drawn
    assert one.glyphs.points[1] not in drawn


def test_a_log_axis_of_few_powers_is_labelled_all_along():
    lows = np.array([0.012, 0.3])
    chart = line_chart([Series("loss", np.arange(2), lows)], 46, 10, MONO, log_y=True)
    labels = [row[:7].strip() for row in texts(chart.lines)[1:-1]]
    assert [text for text in labels if text] == ["0.3", "0.1", "0.03", "0.01"]


def test_the_legend_moves_to_the_left_and_together_before_it_drops_what_has_no_room():
    series = [Series(name, np.arange(3), np.arange(3.0)) for name in ("first", "second", "third")]
    legends = [texts(line_chart(series, width, 6, MONO).lines)[0].rstrip() for width in (40, 35, 28, 25, 23)]
    assert legends == [
        "        o first  o second  o third",
        "      o first  o second  o third",
        "  o first  o second  o third",
        " o first o second o third",
        "     o first o second ~",
    ]


@given(
    st.tuples(st.floats(-5, 5), st.floats(-5, 5)).filter(lambda ends: ends[0] + 0.01 < ends[1]),
    st.tuples(st.floats(-5, 5), st.floats(-5, 5)).filter(lambda ends: ends[0] + 0.01 < ends[1]),
    st.integers(30, 90),
    st.integers(5, 30),
)
def test_on_equal_axes_a_unit_is_as_long_across_as_up(across, up, width, height):
    chart = line_chart([Series("", np.array(across), np.array(up), "cloud")], width, height, MONO, equal=True)
    unit = (chart.high - chart.low) / chart.columns
    assert (chart.heights[1] - chart.heights[0]) / chart.rows == pytest.approx(2 * unit)
    assert chart.low <= across[0] + 1e-9
    assert across[1] <= chart.high + 1e-9
    assert chart.heights[0] <= up[0] + 1e-9
    assert up[1] <= chart.heights[1] + 1e-9


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0.0, 9000.0, ["0", "5,000"]),
        (0.0, 18000.0, ["0", "5,000", "10,000", "15,000"]),
        (0.0, 3.4e6, ["0", "1M", "2M", "3M"]),
        (0.0, 1.5e6, ["0", "500k", "1M", "1.5M"]),
        (12344.0, 12350.0, ["12,344", "12,346", "12,348", "12,350"]),
        (-2.0, 2.0, ["-2", "-1", "0", "1", "2"]),
    ],
)
def test_counts_on_an_axis_are_short_and_all_alike(low, high, labels):
    assert [text for _, text in x_ticks(low, high, 4)] == labels


@example(0.125, 1.5, 2)
@example(0.546875, 0.0546875, 2)
@given(st.floats(-3, 3), st.floats(0.05, 1.9), st.integers(2, 20))
def test_a_log_axis_has_ticks_and_not_too_many(low, length, about):
    ticks = axis_ticks(low, low + length, about, True, MONO)
    assert 1 <= len(ticks) <= about + 2
    assert len({text for _, text in ticks}) == len(ticks)
    assert all(low - 1e-6 <= position <= low + length + 1e-6 for position, _ in ticks)
