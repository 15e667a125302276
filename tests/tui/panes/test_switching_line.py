"""Where a selected unit switches: a line across the map, straight in the first layer, bent in deeper ones."""

from dataclasses import replace

import numpy as np
import pytest

from tui.panes.registry import PANES
from tui.render.decision import class_map, decision_map
from tui.render.palette import look
from tui.render.pixelmap import grid_points, pixels, square
from tui.render.selection import Unit

SIZE = (40, 17)
DOMAIN = [(-1.0, 1.0), (-1.0, 1.0)]
LOOKS = [look(), look(ascii=True), look(color=False), look(ascii=True, color=False)]


def text(lines):
    return ["".join(segment.text for segment in line) for line in lines]


@pytest.mark.parametrize("one", [LOOKS[1], LOOKS[3]])
@pytest.mark.parametrize("draw", [decision_map, class_map])
def test_a_line_is_drawn_where_the_values_are_0(one, draw):
    rows, columns = pixels(*SIZE, one)
    x = grid_points(rows, columns, DOMAIN)[:, 0].reshape(rows, columns)
    more = {"level": 0.5, "reach": 1.0} if draw is decision_map else {}
    plot = draw(np.ones((rows, columns)), DOMAIN, *SIZE, one, switches={"a": x - 0.51}, **more)
    columns_marked = [{at for at, char in enumerate(line) if char == "/"} for line in text(plot.lines)[:-1]]
    assert columns_marked == [{30}] * (SIZE[1] - 1)


def drawn(bench, unit, one):
    bench.session.go_to(3)
    view = replace(bench.view(1, *SIZE), look=one, unit=unit)
    return view, PANES["function"].draw(view)


def line_cells(lines, one):
    """The cells of the line, in pixels of the map: by colour, or by character where that tells."""
    found = set()
    for y, line in enumerate(lines[:-1]):
        x = 0
        for segment in line:
            for char in segment.text:
                if one.color and not one.ascii:
                    style = segment.style
                    above = one.glyphs.quadrants.index(char) if char in one.glyphs.quadrants else 0
                    for quarter in range(4):
                        color = style.color if above & (8 >> quarter) else style.bgcolor
                        if color and color.name == one.palette.accent:
                            found.add((2 * x + quarter % 2, 2 * y + quarter // 2))
                elif char == one.glyphs.switch:
                    found.add((x, y))
                x += 1
    return found


@pytest.mark.parametrize("one", LOOKS)
@pytest.mark.parametrize("unit", [Unit(1, 0), Unit(2, 1), Unit(3, 2)])
def test_the_line_of_a_unit_lies_between_its_signs(bench, one, unit):
    view, drawing = drawn(bench(), unit, one)
    network, theta = view.lane.network, view.lane.theta
    rows, columns = pixels(*SIZE, one)
    points = grid_points(rows, columns, square(network.data.domain, *SIZE))
    a = network.network.forward(theta, points)[0][unit.layer - 1][:, unit.number].reshape(rows, columns)[::-1]
    name, caption = f"a{one.subscript(unit.layer)}[{unit.number}]", text(drawing.lines)[-1]
    cells = line_cells(drawing.lines, one)
    if (a > 0).all() or (a < 0).all():
        assert not cells
        assert f"{name} {'>' if a[0, 0] > 0 else '<'} 0" in caption
        return
    assert cells
    assert f"{name} = 0" in caption
    for x, y in cells:
        around = a[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2]
        assert around.min() < 0 <= around.max()


def test_without_a_selected_unit_and_for_an_input_there_is_no_line(bench):
    for unit in (None, Unit(0, 1), Unit(9, 0), Unit(1, 99)):
        _, drawing = drawn(bench(), unit, LOOKS[1])
        assert not line_cells(drawing.lines, LOOKS[1])
        assert " = 0" not in text(drawing.lines)[-1]
