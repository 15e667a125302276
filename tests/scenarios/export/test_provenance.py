"""What a result names: the hash of a scenario is the same however its file is written, and tells scenarios apart."""

from pathlib import Path

import pytest

from scenarios.atomic_write import WriteError, together
from scenarios.export.continuation import continued
from scenarios.export.provenance import INSIDE, KEYS, META, commented, named, provenance, scenario_hash
from scenarios.export.self_contained import self_contained
from scenarios.export.toml import toml_text
from scenarios.file.loader import library_files, load, parse
from scenarios.runs.build import build

WRITTEN = """
format = 1
name = "own"
steps = 7
[data]
kind = "disc"
samples = 20
[defaults]
hidden = [3, 2]
optimizer = { name = "sgd", learning_rate = 1 }
[[lanes]]
id = "a"
[[claims]]
text = "It ends."
check = "a.train_loss > 0"
"""

OTHERWISE = """
# the same scenario
name = "own"
format = 1
seed = 0
steps = 7
[[lanes]]
optimizer = { learning_rate = 1.0, name = "sgd", momentum = 0.0 }
activation = ["relu", "relu"]
init = { name = "he" }
batch_size = 0
hidden = [3, 2]
id = "a"
label = "a"
[data]
samples = 20
noise = 0
kind = "disc"
[[claims]]
at = 7
check = "a.train_loss > 0"
text = "It ends."
"""


def hash_of(text: str, folder: Path = Path(), overrides: tuple[str, ...] = ()) -> str:
    return scenario_hash(parse(text.encode(), "own.toml", folder, overrides))


def test_how_a_file_is_written_is_no_other_scenario() -> None:
    assert hash_of(WRITTEN) == hash_of(OTHERWISE)


@pytest.mark.parametrize("name", [file.stem for file in library_files()][::3])
def test_written_out_it_is_the_same_scenario(name: str, tmp_path: Path) -> None:
    scenario = load(name)
    known = scenario_hash(scenario)
    again = continued(scenario, scenario.seed, build(scenario), scenario.steps)
    for table in (self_contained(scenario), again):
        assert hash_of(toml_text(table), tmp_path) == known
    path = tmp_path / "other.toml"
    path.write_bytes(next(file for file in library_files() if file.stem == name).read_bytes())
    assert scenario_hash(load(str(path))) == known


@pytest.mark.parametrize(
    "change",
    [
        "seed=1",
        "steps=8",
        "title=other",
        "text=other",
        "data.samples=21",
        "data.noise=0.1",
        "data.kind=circles",
        "lanes.a.optimizer.learning_rate=0.5",
        "lanes.a.hidden=[3, 3]",
        'lanes.a.activation=["relu", "tanh"]',
        "lanes.a.label=b",
        "lanes.a.seed=3",
        "lanes.a.parameters.b1=[0, 0, 1e-17]",
        'lanes.a.edits=[{ at = 2, set = { "W1[0,0]" = 1.0 } }]',
    ],
)
def test_any_change_is_another_scenario(change: str) -> None:
    assert hash_of(WRITTEN, overrides=(change,)) != hash_of(WRITTEN)


def test_a_change_that_is_made_is_the_same_as_one_that_is_written() -> None:
    assert hash_of(WRITTEN, overrides=("steps=8", "claims=[]")) == hash_of(
        WRITTEN.replace("steps = 7", "steps = 8"), overrides=("claims=[]",)
    )


def test_samples_are_in_it_wherever_they_stand(tmp_path: Path) -> None:
    head = 'format = 1\nname = "own"\n[[lanes]]\nid = "a"\n[data]\n'
    (tmp_path / "p.csv").write_text("x1,y1\n1,2\n3,0.1\n")
    known = hash_of(head + 'csv = "p.csv"', tmp_path)
    assert hash_of(head + "points = [[1, 2], [3, 0.1]]") == known
    (tmp_path / "p.csv").write_text("x1,y1\n1,2\n3,0.10000000000000002\n")
    assert hash_of(head + 'csv = "p.csv"', tmp_path) != known


def test_what_has_no_room_gets_a_file_beside_it() -> None:
    made = provenance(load("by-hand", ["name=a--b"]))
    found = named({".csv": "1", "-quiz.csv": "2", ".new": "3", ".py": "4\n", ".npz": b"5"}, made)
    assert [end for end in found if end.endswith(META)] == [f".csv{META}", f"-quiz.csv{META}", f".new{META}"]
    assert found[".npz"] == b"5"
    assert ".npz" in INSIDE
    assert all(key in str(found[".py"]) for key in KEYS)


def test_a_comment_ends_where_it_should() -> None:
    text = commented(".svg", "<svg/>", {"overrides": ["title=a-->b\n--"]})
    assert text.count("--") == 2
    assert text.count("\n") == 2


def test_files_that_belong_together_are_written_together(tmp_path: Path) -> None:
    paths = [tmp_path / "a", tmp_path / "b"]
    with pytest.raises(WriteError, match="b"), together(paths):
        paths[1].write_text("theirs")
    assert [path.name for path in tmp_path.iterdir()] == ["b"]
    with together(paths, replace=True) as files:
        for file in files:
            file.write(b"ours")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "ours", "b": "ours"}
