"""Everything that can be saved or exported from a session, by the key that asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from scenarios.atomic_write import Content, file_stem, joined, new_files
from scenarios.export.provenance import named, provenance, record_texts
from scenarios.runs.build import build
from scenarios.runs.lane_training import run_lane
from scenarios.runs.record import Record
from tui.archive.encode import encode_run
from tui.archive.errors import SharingError
from tui.archive.saved_run_file import SUFFIX
from tui.exports.curves import curves_csv
from tui.exports.numpy_function import numpy_function
from tui.exports.numpy_step import numpy_step
from tui.exports.scenario_file import export_told, scenario_export
from tui.exports.torch import loading_code, safetensors
from tui.exports.trained import Trained, trained
from tui.exports.worksheet import worksheet
from tui.lesson.recording import recorded
from tui.session.frame import Frame
from tui.session.session import Session

Make = Callable[[Session, Frame, Path], tuple[Path, ...]]
"""Writes files for a session and its frame into a folder, and tells their paths."""


@dataclass(frozen=True)
class Export:
    """One kind of file: the key that asks for it, what it is, and what makes it."""

    key: str
    what: str
    make: Make


def write(
    session: Session,
    folder: Path,
    called: str,
    make: Callable[[str], Mapping[str, Content]],
    made: Mapping[str, Any] | None = None,
) -> tuple[Path, ...]:
    """Write new files, by the ends of their names, each of which names what it was made from; returns their paths.

    make: given the name that they begin with. made: what they name in place of all that is known.
    Raises WriteError, and then leaves none of them.
    """
    origin = made_from(session) if made is None else made
    return new_files(folder, called, lambda name: named(make(name), origin))


def stem(session: Session, step: int, *parts: str) -> str:
    """What the names of files of a session begin with: `gradstep-disc-depth-ana-deep-step128`, for a learner's id."""
    return file_stem(session.scenario.name, step, session.learner, *parts)


def made_from(session: Session) -> dict[str, Any]:
    """What is written of a session was made from: the scenario, seed and step, and provenance."""
    scenario = session.scenario
    about = {"scenario": scenario.name, "file": scenario.file, "seed": session.seed, "step": session.cursor.step}
    return {**about, **provenance(scenario)}


def _one(suffix: str, content: Callable[[Session, Frame], Content], of_lane: bool = False) -> Make:
    """An export of a single file; one of a lane carries the lane's id in its name."""

    def make(session: Session, frame: Frame, folder: Path) -> tuple[Path, ...]:
        parts = (frame.lane.lane.id,) if of_lane else ()
        made = content(session, frame)
        return write(session, folder, stem(session, session.cursor.step, *parts), lambda name: {suffix: made})

    return make


def _front(session: Session, frame: Frame) -> Trained:
    lane = frame.lane
    return trained(session.scenario.name, lane.lane, lane.theta, lane.step)


def _state_dict(session: Session, frame: Frame, folder: Path) -> tuple[Path, ...]:
    network = _front(session, frame)
    weights = safetensors(network, provenance(session.scenario))

    def make(name: str) -> dict[str, Content]:
        return {".safetensors": weights, "-torch.py": loading_code(network, f"{name}.safetensors")}

    return write(session, folder, stem(session, frame.lane.step, frame.lane.lane.id), make)


def _record(session: Session, frame: Frame) -> bytes:
    lanes = [lane_run.lane for lane_run in session.lane_runs]
    try:
        record = Record(lanes, session.cursor.step)
    except ValueError as error:
        raise SharingError(str(error)) from None
    for lane in lanes:
        run_lane(lane, session.cursor.step, [record.watch])
    file = BytesIO()
    record.write(file, record_texts(session.scenario, session.seed, lanes, session.cursor.step))
    return file.getvalue()


def _worksheet(session: Session, frame: Frame, folder: Path) -> tuple[Path, ...]:
    exercise, key = worksheet(frame)
    called = stem(session, frame.cursor.traced + 1, frame.lane.lane.id, "worksheet")
    return write(session, folder, called, lambda name: {".md": exercise, "-answers.md": key})


def _step(session: Session, frame: Frame, folder: Path) -> tuple[Path, ...]:
    if frame.lane.is_function:
        raise SharingError("a function has no layers: this is about a network's step")
    called = stem(session, frame.lane.trace.step + 1, frame.lane.lane.id, "numpy")
    return write(session, folder, called, lambda name: {".py": numpy_step(session.scenario.name, frame.lane)})


def _exercise(session: Session, frame: Frame, folder: Path) -> tuple[Path, ...]:
    from scenarios.own_code.cases import beginning
    from scenarios.own_code.exercise import Origin, exercise

    scenario, identity = session.scenario, frame.lane.lane.id
    if scenario.overrides or all(lane.id != identity for lane in scenario.lanes):
        raise SharingError("an exercise is about a lane of a file: l writes this run's lanes as one, open that first")
    if frame.lane.is_function:
        raise SharingError("a function has no step to write: an exercise is about a network")
    lane = beginning(next(one for one in build(scenario) if one.id == identity))
    called = joined(scenario.name, session.learner, identity, "exercise")

    def make(name: str) -> dict[str, Content]:
        file = folder / f"{name}.py"
        return {".py": exercise(lane, Origin.beside(file, scenario.file, identity), file)}

    return write(session, folder, called, make, provenance(scenario))


def _run(session: Session, frame: Frame) -> Content:
    return encode_run(session.saved())


def _curves(session: Session, frame: Frame) -> Content:
    return curves_csv([lane_run.timeline for lane_run in session.lane_runs])


def _function(session: Session, frame: Frame) -> Content:
    return numpy_function(_front(session, frame))


def _scenario(session: Session, frame: Frame, folder: Path) -> tuple[Path, ...]:
    run = session.saved()
    made, called = {**made_from(session), **export_told(run)}, stem(session, session.cursor.step)
    return write(session, folder, called, lambda name: scenario_export(run, name), made)


def _lesson_run(session: Session, frame: Frame) -> Content:
    return recorded(session)


LESSON_RUN = "j"
"""The key of the export that names the learner."""

EXPORTS: tuple[Export, ...] = (
    Export("s", "save the run: lanes, edits, branches, breakpoints, watch and place", _one(SUFFIX, _run)),
    Export("c", "the curves of all lanes (CSV)", _one(".csv", _curves)),
    Export("r", "a record for other programs to repeat the run (.npz)", _one(".npz", _record)),
    Export("p", "this lane's network for PyTorch (.safetensors), and code to load it", _state_dict),
    Export("f", "this lane's network as a NumPy function (.py)", _one(".py", _function, of_lane=True)),
    Export("n", "this step in NumPy: its numbers, and lines that compute them (.py)", _step),
    Export("e", "this lane's training step as an exercise to complete (.py)", _exercise),
    Export("l", "the lanes with their edits as a scenario (.toml)", _scenario),
    Export(LESSON_RUN, "the lesson run: what was done, step by step (.json)", _one(".json", _lesson_run)),
    Export("w", "a worksheet of this step, and its answers (Markdown)", _worksheet),
)
