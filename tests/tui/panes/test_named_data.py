"""Panes call inputs, outputs and classes as the file does, at any room, whatever the names are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.panes.registry import PANES
from tui.panes.wrong import list_wrong, wrong_answers
from tui.render.cells import cell_len
from tui.render.selection import Along, Confused, Sample

PANE = PANES["function"]
HEAD = 'format = 1\nname = "named"\n[data]\n'
LANE = '\n[[lanes]]\nid = "one"\nbatch_size = 2\n'
SOFTMAX = LANE + 'loss = "softmax_cross_entropy"\n'
CLASSES = 'classes = ["cat", "dog", "a very long name of a class"]'
THREE = 'points = [[0, 1, 0, 0], [1, 0, 2, 2], [1, 1, 1, 1]]\ninputs = ["age", "dose", "size"]\noutputs = ["kind"]\n'
TWO = 'points = [[0, 1, 0], [1, 0, 2], [1, 1, 1]]\ninputs = ["age", "dose"]\noutputs = ["kind"]\n'
ONE = 'points = [[0, 1.5], [1, 0.5], [2, 1]]\ninputs = ["age"]\noutputs = ["height"]'


def text(drawing: Any) -> str:
    return "\n".join("".join(segment.text for segment in line) for line in drawing.lines)


def test_the_confusion_matrix_has_the_names_of_classes(bench: Any) -> None:
    view = bench(HEAD + THREE + CLASSES + SOFTMAX).view(width=70, height=12)
    drawn = text(PANE.draw(view))
    assert "cat" in drawn
    assert "a very long name of" in drawn
    selected = replace(view, selection=Confused(1, 0))
    assert PANE.explain(selected).startswith("class dog predicted as cat: ")
    cells = [Confused(true, put) for true in range(3) for put in range(3)]
    told = str([PANE.inspect(replace(view, selection=cell)) for cell in cells])
    assert "z of cat" in told or "z of dog" in told
    narrow = text(PANE.draw(bench(HEAD + THREE + CLASSES + SOFTMAX).view(width=12, height=5)))
    assert "0" in narrow or "cat" in narrow


def test_a_cut_is_along_a_column(bench: Any) -> None:
    measured = bench(HEAD + THREE + LANE).view(width=60, height=12, selection=Along(1, 2))
    assert "along size" in PANE.draw(measured).titles[0]
    assert "at its size = 2.000, kind = 2.000" in PANE.explain(measured)


def test_predicted_is_over_the_outputs_name(bench: Any) -> None:
    assert PANE.draw(bench(HEAD + THREE + LANE).view()).titles[0].endswith("predicted z₁ over true kind")


def test_the_plane_names_its_axes_and_classes(bench: Any) -> None:
    view = bench(HEAD + TWO + 'classes = ["cat", "dog", "eel"]' + SOFTMAX).view(width=60, height=12)
    drawing = PANE.draw(view)
    assert "age 0" in text(drawing) or "age -" in text(drawing)
    assert "0 cat, 1 dog, 2 eel" in drawing.titles[0]
    assert PANE.explain(replace(view, selection=Sample(0))).startswith("sample 0: age = 0, dose = 1.000, class cat")
    wrong = wrong_answers(view.lane)
    assert wrong is not None
    assert {row[2] for row in list_wrong(view.lane, wrong)[3:]} <= {"class cat", "class dog", "class eel"}


def test_a_fit_is_over_its_column(bench: Any) -> None:
    assert text(PANE.draw(bench(HEAD + ONE + LANE).view(width=60, height=12))).splitlines()[-1].endswith("age")


def test_features_are_grouped_by_class(bench: Any) -> None:
    drawn = text(PANES["features"].draw(bench(HEAD + THREE + CLASSES + SOFTMAX).view(width=70, height=12)))
    assert "dog" in drawn
    assert "y = 1" not in drawn


NAMES = st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=30).filter(
    lambda name: " ".join(name.split()) == name and name.isprintable()
)


@pytest.mark.parametrize("points", [THREE, TWO])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(names=st.lists(NAMES, min_size=7, max_size=7, unique=True), width=st.integers(1, 90), height=st.integers(1, 20))
def test_any_names_fit_into_any_room(bench: Any, points: str, names: list[str], width: int, height: int) -> None:
    import json

    inputs = names[: 3 if points is THREE else 2]
    rows = points.partition("\n")[0]
    keys = {"inputs": inputs, "outputs": names[3:4], "classes": names[4:]}
    data = "\n".join([rows, *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in keys.items())])
    view = bench(HEAD + data + SOFTMAX).view(width=width, height=height)
    for selection in (None, Sample(0), Confused(0, 1), Along(0, 1)):
        drawing = PANE.draw(replace(view, selection=selection))
        assert all(sum(cell_len(segment.text) for segment in line) <= width for line in drawing.lines)
        PANE.explain(replace(view, selection=selection))
        PANE.inspect(replace(view, selection=selection))
