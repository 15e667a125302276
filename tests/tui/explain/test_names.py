"""Columns and classes are called as in the file, and scaled inputs stand beside what they were."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nncore.datasets import Names
from scenarios.export.self_contained import self_contained
from scenarios.export.toml import toml_text
from scenarios.file.loader import parse
from scenarios.scenario import Scenario
from tui.archive.decode import decode_run
from tui.archive.encode import encode_run
from tui.explain.data_words import data_lines
from tui.explain.equation import equation
from tui.explain.names import input_name, inputs_said, outputs_said
from tui.explain.point import inspect_input
from tui.explain.sample import explain_sample, inspect_sample, target
from tui.explain.unit import explain_unit, inspect_unit
from tui.render.selection import Unit
from tui.session.frame_builder import FrameBuilder
from tui.session.player import Player
from tui.session.session import Session

IRIS = "sepal length;petal width;species\n5,1;0,2;setosa\n6,3;1,5;virginica\n5,9;1,1;Versicolor\n5,0;0,3;setosa\n"

SCENARIO = """
format = 1
name = "own"
steps = 5
[data]
csv = "iris.csv"
inputs = ["sepal length", "petal width"]
outputs = ["species"]
decimal = ","
standardize = true
[[lanes]]
id = "a"
hidden = [3]
loss = "softmax_cross_entropy"
"""


def scenario_of(folder: Path, text: str = SCENARIO, csv: str = IRIS) -> Scenario:
    (folder / "iris.csv").write_text(csv)
    return parse(text.encode(), "own.toml", folder)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    session = Session.begin(scenario_of(tmp_path))
    session.into()
    return session


def test_a_sample_is_told_by_the_names_of_its_columns_and_its_class(session: Session) -> None:
    lane = FrameBuilder(session).frame(Player()).lane
    assert explain_sample(lane, 1).startswith(
        "sample 1: sepal length = 1.331 [6.300], petal width = 1.331 [1.500], class virginica → z₂ = ("
    )
    assert target(lane.network, 2) == "class Versicolor"
    said = equation(lane).example
    assert said.startswith("sample 0: sepal length = -0.8718 [5.100], petal width = -1.055 [0.2000], class setosa")


def test_the_inspector_shows_mean_deviation_and_what_stands_in_the_file(session: Session) -> None:
    lane = FrameBuilder(session).frame(Player()).lane
    data = lane.network.data
    for rows in (inspect_sample(lane, 1), inspect_input(lane, data.x[1])):
        (at,) = [place for place, row in enumerate(rows) if row[0].startswith("inputs are scaled")]
        (said,) = rows[at + 1]
        assert said == "sepal length = (6.300 − 5.575) / 0.5449 = 1.331"
        assert pytest.approx(1.331, rel=1e-3) == (6.3 - 5.575) / 0.5449
    assert "(0.2000 − 0.7750) / 0.5449 = -1.055" in str(inspect_unit(lane, Unit(0, 1)))
    assert explain_unit(lane, Unit(0, 1)).startswith("petal width = -1.055 [0.2000], ")


def test_names_and_scaling_outlive_export_and_saving(session: Session, tmp_path: Path) -> None:
    scenario = session.scenario
    names = scenario.data.names  # type: ignore[union-attr]
    text = toml_text(self_contained(scenario))
    again = parse(text.encode(), "own.toml", tmp_path / "nowhere")
    assert again.data.names == names  # type: ignore[union-attr]
    assert toml_text(self_contained(again)) == text
    opened = decode_run(encode_run(session.saved()))
    data = opened.lane_runs[0].lane.model.data  # type: ignore[union-attr]
    assert data.names == names
    assert inputs_said(data, data.x[1]).startswith("sepal length = 1.331 [6.300]")


def test_two_labels_are_0_and_1_or_as_the_file_says(tmp_path: Path) -> None:
    two = IRIS.replace("Versicolor", "setosa")
    logistic = SCENARIO.replace("softmax_cross_entropy", "logistic")
    data = scenario_of(tmp_path, logistic, two).data.draw(0)  # type: ignore[union-attr]
    assert (data.labels, data.y.ravel().tolist()) == ((0.0, 1.0), [0, 1, 0, 0])
    assert outputs_said(data, data.y[1]) == "species = 1.000 (virginica)"
    squared = SCENARIO.replace('loss = "softmax_cross_entropy"', "").replace("[[lanes]]", "labels = [-1, 1]\n[[lanes]]")
    scenario = scenario_of(tmp_path, squared, two)
    data = scenario.data.draw(0)  # type: ignore[union-attr]
    assert (data.labels, data.y.ravel().tolist()) == ((-1.0, 1.0), [-1, 1, -1, -1])
    assert outputs_said(data, data.y[0]) == "species = -1.000 (setosa)"
    again = parse(toml_text(self_contained(scenario)).encode(), "own.toml", tmp_path)
    assert again.data.draw(0).y.tolist() == data.y.tolist()  # type: ignore[union-attr]


def test_scaled_outputs_are_followed_by_what_stands_in_the_file(tmp_path: Path) -> None:
    text = SCENARIO.replace('"species"', '"petal width"').replace('["sepal length", "petal width"]', '["sepal length"]')
    text = text.replace("standardize = true", 'standardize = "all"').replace('loss = "softmax_cross_entropy"', "")
    scenario = scenario_of(tmp_path, text)
    data = scenario.data.draw(0)  # type: ignore[union-attr]
    assert outputs_said(data, data.y[1]) == "petal width = 1.331 [1.500]"
    assert outputs_said(replace(data, names=Names()), data.y[1]) == "y = 1.331, unscaled 1.500"
    assert data_lines(scenario)[-1] == "outputs, standardized: petal width (mean 0.7750, deviation 0.5449)"


def test_a_scenario_tells_its_data_in_words(tmp_path: Path) -> None:
    assert data_lines(scenario_of(tmp_path)) == [
        "4 samples to train on, 0 to test",
        "inputs, standardized: sepal length (mean 5.575, deviation 0.5449),"
        " petal width (mean 0.7750, deviation 0.5449)",
        "outputs: species",
        "classes: 0 setosa, 1 Versicolor, 2 virginica",
    ]


def test_data_without_names_are_told_as_before(tmp_path: Path) -> None:
    text = 'format = 1\nname = "a"\n[data]\npoints = [[0.5, 1, 2], [1, 2, 3]]\n[[lanes]]\nid = "a"\n'
    scenario = scenario_of(tmp_path, text)
    data = scenario.data.draw(0)  # type: ignore[union-attr]
    assert inputs_said(data, data.x[0]) == "x = (0.5000, 1.000)"
    assert outputs_said(data, data.y[0]) == "y = 2.000"
    assert input_name(data, 1) == "x[1]"
    assert data_lines(scenario) == []
