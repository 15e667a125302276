from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tui.render.network import Layer, network
from tui.render.palette import look
from tui.render.selection import Unit

MONO = look("dark", ascii=True, color=False)
LOOKS = st.builds(look, st.sampled_from(["dark", "light", "contrast"]), st.booleans(), st.booleans())


def texts(lines):
    return ["".join(segment.text for segment in line) for line in lines]


@st.composite
def networks(draw):
    sizes = draw(st.lists(st.integers(1, 30), min_size=1, max_size=8))
    layers = []
    for inputs, out in pairwise(sizes):
        weights = draw(arrays.arrays(np.float64, (out, inputs), elements=st.floats()))
        dead, saturated = (draw(st.none() | arrays.arrays(bool, out)) for _ in range(2))
        layers.append(Layer(weights, dead, saturated))
    return layers


@given(
    networks(),
    st.integers(0, 100),
    st.integers(0, 20),
    st.floats(),
    st.none() | st.integers(0, 8),
    st.sampled_from(["forward", "backward"]),
    LOOKS,
)
def test_a_network_has_exactly_the_size_asked_for(layers, width, height, scale, current, direction, one):
    if current is not None and current > len(layers):
        current = len(layers)
    lines = network(layers, width, height, scale, one, current=current, direction=direction).lines
    assert len(lines) == height
    assert all(sum(segment.cell_length for segment in line) == width for line in lines)


def test_the_sign_of_an_edge_can_be_read_without_colour():
    drawn = texts(network([Layer(np.diag([1.0, -1.0]))], 12, 5, 1.0, MONO).lines)
    assert drawn[1] == " o########o "
    assert drawn[3] == " o========o "
    dashed, solid = (
        "".join(texts(network([Layer(np.array([[weight]]))], 20, 3, 1.0, look(color=False)).lines))
        for weight in (-1, 1)
    )
    assert "⠀" not in solid
    dots = [
        sum((ord(glyph) - 0x2800).bit_count() for glyph in text if ord(glyph) >= 0x2800) for text in (dashed, solid)
    ]
    assert dots[0] == pytest.approx(dots[1] / 2, abs=3)


def test_units_without_room_are_left_out_and_counted():
    drawn = texts(network([Layer(np.ones((128, 2))), Layer(np.ones((1, 128)))], 30, 9, 1.0, MONO).lines)
    assert [line[14:17].strip(" #") for line in drawn[1:8]].count("o") == 6
    assert ":" in drawn[7]
    assert drawn[8].split() == ["2", "128", "1"]


def test_the_arrow_follows_the_pass_into_the_current_layer():
    layers = [Layer(np.ones((2, 2))) for _ in range(3)]
    forward, backward = (
        texts(network(layers, 40, 6, 1.0, MONO, current=2, direction=way).lines)[0] for way in ("forward", "backward")
    )
    assert forward.split() == ["x", "z1", ">", "z2", "z3"]
    assert backward.split() == ["x", "z1", "<", "z2", "z3"]


def test_dead_and_saturated_units_are_marked():
    layer = Layer(np.zeros((3, 1)), np.array([True, False, False]), np.array([False, True, False]))
    drawn = texts(network([layer], 10, 5, 1.0, MONO).lines)
    assert [line[8] for line in drawn[1:4]] == ["0", "#", "o"]


def test_without_room_for_all_layers_those_around_the_current_one_are_shown():
    layers = [Layer(np.ones((2, 2))) for _ in range(64)]
    header = texts(network(layers, 30, 6, 1.0, MONO, current=40).lines)[0]
    assert "z40" in header
    assert "x" not in header


def test_every_unit_in_sight_is_found_where_it_is_drawn():
    diagram = network([Layer(np.ones((3, 2))), Layer(np.ones((1, 3)))], 30, 9, 1.0, MONO)
    drawn = texts(diagram.lines)
    assert set(diagram.places) == {Unit(0, 0), Unit(0, 1), *(Unit(1, i) for i in range(3)), Unit(2, 0)}
    for unit, (x, y) in diagram.places.items():
        assert drawn[y][x] == MONO.glyphs.unit
        assert diagram.unit(x, y) == diagram.unit(x + 1, y) == unit
    assert diagram.unit(8, 0) is None


def test_a_selected_unit_is_brought_into_view():
    layers = [Layer(np.ones((128, 2))), Layer(np.ones((1, 128)))]
    assert Unit(1, 100) not in network(layers, 30, 9, 1.0, MONO).places
    diagram = network(layers, 30, 9, 1.0, MONO, selected=Unit(1, 100))
    x, y = diagram.places[Unit(1, 100)]
    (marked,) = [s for s in list(diagram.lines[y]) if s.style.reverse]
    assert marked.text == MONO.glyphs.unit
    assert texts(diagram.lines)[y][x] == MONO.glyphs.unit


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_a_selected_unit_lights_the_edges_that_the_pass_uses_for_it(direction):
    """Forward those into it, which lie to its left, backward those out of it."""
    one = look()
    diagram = network(
        [Layer(np.ones((2, 2))), Layer(np.ones((2, 2)))],
        40,
        9,
        1.0,
        one,
        direction=direction,
        selected=Unit(1, 1),
    )
    middle = diagram.places[Unit(1, 1)][0]
    lit = set()
    for row in diagram.lines:
        column = 0
        for segment in row:
            if segment.style.color and segment.style.color.name == one.palette.positive:
                lit |= set(range(column, column + len(segment.text)))
            column += len(segment.text)
    assert lit
    assert all((column < middle) == (direction == "forward") for column in lit)
