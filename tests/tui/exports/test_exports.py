"""Every export names what it was made from, and gives rise to the same numbers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open

from scenarios.export import start_values
from scenarios.export.provenance import COMMENTS, KEYS, META, scenario_hash
from scenarios.file.loader import load
from tests.tui.conftest import LANES
from tui.archive.container import read
from tui.cli import main
from tui.exports.exports import EXPORTS, Export
from tui.session.actions import Branch, EditSettings, do
from tui.session.frame_builder import FrameBuilder
from tui.session.player import Player
from tui.session.session import Session

BY_KEY = {export.key: export for export in EXPORTS}


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    Path("two.toml").write_text(LANES)
    made = Session.begin(load("two.toml"))
    made.go_to(5)
    return made


def exported(session: Session, key: str) -> tuple[Path, ...]:
    return BY_KEY[key].make(session, FrameBuilder(session).frame(Player(), 0), Path())


def told(path: Path) -> dict[str, object]:
    """What a file names, inside or beside it."""
    if (beside := Path(f"{path}{META}")).exists():
        return json.loads(beside.read_text())
    if path.suffix in COMMENTS:
        (line,) = (line for line in path.read_text().split("\n") if "gradstep: {" in line)
        return json.loads(line[line.index("{") : line.rindex("}") + 1])
    if path.suffix == ".npz":
        with np.load(path) as record:
            return {key: record[key].tolist() for key in KEYS}
    if path.suffix == ".safetensors":
        with safe_open(path, "numpy") as file:
            return dict(file.metadata())
    if path.suffix == ".gradstep":
        with path.open("rb") as file:
            header = json.loads(read(file)[0])
        return {**header, "version": header["versions"]["gradstep"], "numpy": header["versions"]["numpy"]}
    found = json.loads(path.read_text())
    return {**found, "overrides": found["set"]} if "set" in found else found


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.key)
def test_every_export_names_what_it_was_made_from(export: Export, session: Session) -> None:
    paths = exported(session, export.key)
    for path in paths:
        if not path.name.endswith(META):
            found = told(path)
            assert set(KEYS) <= found.keys(), path
            assert found["scenario_hash"] == scenario_hash(session.scenario)


def test_a_record_of_the_app_is_made_again(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    (path,) = exported(session, "r")
    assert main(["run", str(path)]) == 0
    assert "the same numbers" in capsys.readouterr().out


def test_a_table_of_the_app_says_what_to_export_instead(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    path, beside = exported(session, "c")
    assert beside.name == f"{path.name}{META}"
    for name in (path, beside):
        assert main(["run", str(name)]) == 2
        assert "the app wrote it" in capsys.readouterr().err


def changed(session: Session) -> None:
    """Edit one lane on the way, branch off the other."""
    do(session, EditSettings(lanes=(0,), set={"optimizer": {"learning_rate": 0.05}}, note="slower"))
    do(session, Branch(lane=1, set={"l2": 0.1}))
    session.go_to(9)


def test_a_scenario_of_the_app_comes_to_the_same_numbers(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    changed(session)
    (path,) = exported(session, "l")
    assert main(["run", str(path), "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == "the same train losses at step 9 as where it was exported\n"
    assert json.loads(out)["steps"] == 100
    assert main(["run", str(path), "--steps", "2"]) == 0
    assert capsys.readouterr().err == ""
    text = path.read_text()
    path.write_text(text.replace('"train_loss": {"wide": 0.', '"train_loss": {"wide": 1.'))
    assert main(["run", str(path)]) == 1
    assert "the first difference: wide.train_loss, step 9" in capsys.readouterr().err
    path.write_text(text.replace("steps = 100", "steps = 50"))
    assert main(["run", str(path)]) == 0
    assert "was changed since it was exported" in capsys.readouterr().err


def test_many_starting_values_stand_beside_the_scenario(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    lane = session.lane_runs[0].lane
    count = lane.model.parameter_count
    Path("start.toml").write_text(
        LANES.replace('id = "wide"', 'id = "wide"\nparameters = "wide.npz"').partition('[[lanes]]\nid = "deep"')[0]
    )
    np.savez("wide.npz", **{name: 2 * values for name, values in lane.model.parts(lane.start)})
    own = Session.begin(load("start.toml"))
    monkeypatch.setattr(start_values, "MOST_IN_TEXT", count)
    (path,) = exported(own, "l")
    assert "W1 = [" in path.read_text()
    monkeypatch.setattr(start_values, "MOST_IN_TEXT", count - 1)
    paths = exported(own, "l")
    assert [path.name for path in paths] == [
        "gradstep-two-lanes-step0-2-start.npz",
        "gradstep-two-lanes-step0-2.toml",
    ]
    assert 'parameters = "gradstep-two-lanes-step0-2-start.npz"' in paths[1].read_text()
    again = load(str(paths[1]))
    assert scenario_hash(again) == scenario_hash(own.scenario)
    assert main(["run", str(paths[1])]) == 0
    Path("gradstep-two-lanes-step0-3-start.npz").touch()
    assert exported(own, "l")[0].name == "gradstep-two-lanes-step0-4-start.npz"


def test_files_of_a_learner_have_their_id_in_their_names(session: Session) -> None:
    names = [exported(session, key)[0].name for key in ("j", "f", "e")]
    assert names == ["gradstep-two-lanes-step5.json", "gradstep-two-lanes-wide-step5.py", "two-lanes-wide-exercise.py"]
    session.learner = "Ana B./7"
    names = [exported(session, key)[0].name for key in ("j", "f", "e")]
    assert names == [
        "gradstep-two-lanes-Ana-B.-7-step5.json",
        "gradstep-two-lanes-Ana-B.-7-wide-step5.py",
        "two-lanes-Ana-B.-7-wide-exercise.py",
    ]
