"""A scenario written as one file reads back as the same scenario."""

from dataclasses import fields

import numpy as np
import pytest

from nncore.model import NetworkModel
from scenarios.export.self_contained import self_contained
from scenarios.export.toml import toml_text
from scenarios.file.loader import LIBRARY, library_files, load, parse
from scenarios.runs.build import build, dataset

CSV = "x1,x2,y1,y2\n0,0.1,1,2\n1,0.2,3,4\n-1,0.30000000000000004,5,6\n"

FROM_FILES = """
format = 1
name = "own"
text = '''
Two lines, "quoted",
with a \\\\ in them.
'''
[data]
csv = "train.csv"
test_csv = "test.csv"
standardize = true
[defaults]
activation = ["tanh"]
[[lanes]]
id = "a"
hidden = [3]
"""

FUNCTION_WITH_NETWORK_DEFAULTS = """
format = 1
name = "own"
[defaults]
hidden = [3]
optimizer = { name = "sgd", learning_rate = 0.1, momentum = 0.5 }
[[lanes]]
id = "f"
[lanes.function]
expression = "x**2 + y"
start = { x = 1, y = 1e-17 }
"""


def reread(scenario, tmp_path):
    """The scenario after writing it and reading it where there is no other file."""
    return parse(toml_text(self_contained(scenario)).encode(), scenario.file, tmp_path)


def plain(scenario):
    """What of a scenario can be compared."""
    apart = ("data", "lanes", "table", "quiz")
    return {field.name: getattr(scenario, field.name) for field in fields(scenario) if field.name not in apart}


def same_lanes(one, other, seed):
    for left, right in zip(build(one, seed), build(other, seed), strict=True):
        assert (left.id, left.label, left.settings, left.edits) == (right.id, right.label, right.settings, right.edits)
        assert left.seeds == right.seeds
        assert left.start.tobytes() == right.start.tobytes()
        if isinstance(left.model, NetworkModel):
            assert left.model.network == right.model.network
            for name in ("x", "y", "x_test", "y_test"):
                assert getattr(left.model.data, name).tobytes() == getattr(right.model.data, name).tobytes()
        else:
            assert left.model.value(left.start) == right.model.value(right.start)


@pytest.mark.parametrize("name", [file.stem for file in library_files()])
def test_the_library_reads_back(name, tmp_path):
    scenario = load(name)
    again = reread(scenario, tmp_path)
    assert plain(again) == plain(scenario)
    same_lanes(scenario, again, scenario.seed)
    same_lanes(scenario, again, scenario.seed + 3)
    for question, other in zip(scenario.quiz, again.quiz, strict=True):
        assert question.question == other.question
        same_lanes(question.variation, other.variation, question.variation.seed)


QUIZ = """
[[quiz]]
ask = "Which?"
at = 5
seed = 3
set.defaults = { init = "xavier", optimizer.learning_rate = 0.5 }
set.lanes.a.hidden = [2]
set.data.standardize = false
answer = "a.train_loss"
"""


def test_a_quiz_is_about_the_same_variation_though_the_defaults_are_gone(tmp_path):
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "train.csv").write_text(CSV)
    (folder / "test.csv").write_text("x1,x2,y1,y2\n0.1,0.7,1,2\n")
    scenario = parse((FROM_FILES + QUIZ).encode(), "own", folder)
    again = reread(scenario, tmp_path)
    (one,), (other,) = scenario.quiz, again.quiz
    assert one.question == other.question
    assert other.variation.seed == 3
    assert other.variation.lanes[0].settings.optimizer.learning_rate == 0.5
    same_lanes(one.variation, other.variation, 3)
    assert toml_text(self_contained(again)) == toml_text(self_contained(reread(again, tmp_path)))


def test_the_template_of_a_new_scenario_keeps_its_guide(tmp_path):
    scenario = load(str(LIBRARY.parent / "template.toml"))
    again = reread(scenario, tmp_path)
    assert again.guide == scenario.guide
    assert len(again.quiz) == len(scenario.quiz) == 1


def test_changes_made_on_the_command_line_are_written(tmp_path):
    scenario = load("disc-depth", ["lanes.deep.optimizer.learning_rate=0.5", "data.samples=64"])
    again = reread(scenario, tmp_path)
    assert build(again)[1].settings.optimizer.learning_rate == 0.5
    assert len(dataset(again).x) == 64


def test_samples_of_csv_files_are_written_into_the_file(tmp_path):
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "train.csv").write_text(CSV)
    (folder / "test.csv").write_text("x1,x2,y1,y2\n0.1,0.7,1,2\n")
    scenario = parse(FROM_FILES.encode(), "own", folder)
    again = reread(scenario, tmp_path)
    assert again.text == scenario.text
    same_lanes(scenario, again, 0)
    assert np.array_equal(dataset(again).y_test, [[1.0, 2.0]])


def test_a_function_does_not_get_the_keys_of_networks(tmp_path):
    scenario = parse(FUNCTION_WITH_NETWORK_DEFAULTS.encode(), "own", tmp_path)
    again = reread(scenario, tmp_path)
    same_lanes(scenario, again, 0)
    assert build(again)[0].start[1] == 1e-17


def test_points_stand_one_a_line(tmp_path):
    text = 'format = 1\nname = "p"\n[data]\npoints = [[0.1, 1], [0.2, 2]]\n[[lanes]]\nid = "a"\n'
    written = toml_text(self_contained(parse(text.encode(), "p", tmp_path)))
    assert "    [0.1, 1],\n    [0.2, 2],\n" in written
