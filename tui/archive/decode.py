"""Opens the bytes of a saved run, checks everything in them, and says where this machine counts otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from nncore.datasets import Data
from nncore.model import NetworkModel
from nncore.operations import operations
from nncore.timeline import Timeline
from nncore.training import Lane
from scenarios.errors import ScenarioError
from scenarios.export.continuation import descends
from scenarios.expressions.expression import parse
from scenarios.file.document import Document
from scenarios.file.models import is_name
from scenarios.file.overrides import parse_override
from scenarios.file.resolve import TOLD, learner_seed, resolve
from scenarios.guide import OPERATIONS, WITHOUT_LAYER
from scenarios.quantities.lookup import require_number
from scenarios.runs.build import build
from scenarios.scenario import Scenario
from tui.archive.container import Arrays, unwrap
from tui.archive.errors import ArchiveError
from tui.archive.header import MAX_REACHED, PARTS, SCALING, Header, LaneHeader
from tui.archive.snapshot_arrays import from_arrays, take
from tui.archive.versions import versions
from tui.session.breakpoints import condition
from tui.session.cursor import Lockstep
from tui.session.lane_run import LaneRun
from tui.session.places import checked
from tui.session.snapshot import MAX_STEP, SavedRun


def decode_run(file: bytes) -> SavedRun:
    """The run in the bytes of a file; raises ArchiveError for any others."""
    return decoded(*unwrap(file))


def decoded(content: bytes, arrays: Arrays) -> SavedRun:
    """The run in the header and the arrays of a file; raises ArchiveError where they are none."""
    try:
        header = msgspec.json.decode(content, type=Header)
        table = msgspec.json.decode(header.scenario, type=dict[str, Any])
        scenario = _scenario(header.file, table)
        lanes = build(_scenario(header.file, _present(table, header)))
    except (msgspec.MsgspecError, ScenarioError, UnicodeDecodeError) as error:
        raise ArchiveError(f"its scenario cannot be read: {error}") from None
    except RecursionError:
        raise ArchiveError("its header is nested too deep") from None
    data = _data(lanes, arrays)
    lane_runs = []
    for number, (lane, saved) in enumerate(zip(lanes, header.lanes, strict=True)):
        prefix = f"{number}/"
        names = [name for name in arrays if name.startswith(prefix)]
        own = {name.removeprefix(prefix): arrays.pop(name) for name in names}  # gone once the lane has its own
        lane_runs.append(_lane_run(lane, saved, own, data))
    _refuse_misfit(header, scenario, lane_runs)
    _refuse_places(header, scenario)
    return SavedRun(
        scenario=replace(scenario, overrides=tuple(header.overrides), learner=_seeded_by(scenario, header)),
        seed=header.seed,
        lane_runs=tuple(lane_runs),
        cursor=header.cursor,
        breakpoints=tuple(header.breakpoints),
        hits=tuple(header.hits),
        places=tuple(header.places),
        first_seed=header.seed if header.first_seed is None else header.first_seed,
        journal=tuple(header.journal),
        guesses=header.guesses,
        answered=tuple(header.answered),
        view=header.view,
        learner=header.learner,
        name=header.name,
        furthest=header.furthest,
        watched=tuple(header.watched),
        notes=_notes(lane_runs, header.versions),
    )


def _seeded_by(scenario: Scenario, header: Header) -> str:
    """The learner whose seed the scenario has, "" where it has nobody's."""
    own = scenario.learner_seed and scenario.seed == learner_seed(header.learner)
    return header.learner if header.learner and own else ""


def _present(table: dict[str, Any], header: Header) -> dict[str, Any]:
    """The scenario's tables with its lanes as they were when the run was saved."""
    now = {key: value for key, value in table.items() if key not in TOLD}
    return {**now, "seed": header.seed, "lanes": [lane.table for lane in header.lanes]}


def _scenario(file: str, table: dict[str, Any]) -> Scenario:
    data = table.get("data")
    if isinstance(data, dict) and not data.keys().isdisjoint(("csv", "test_csv")):
        raise ArchiveError("its data stand in another file")
    return resolve(Document(file, Path(), table), ())


def _data(lanes: Sequence[Lane], arrays: Arrays) -> Data | None:
    """The samples of the file; what else is known of the data is as the scenario says."""
    drawn = next((lane.model.data for lane in lanes if isinstance(lane.model, NetworkModel)), None)
    if drawn is None:
        return None
    names = [name for name in (*PARTS, *SCALING) if getattr(drawn, name) is not None]
    saved: dict[str, Any] = {
        name: _finite(take(arrays, f"data/{name}", np.float64, *getattr(drawn, name).shape)) for name in names
    }
    return replace(drawn, **saved)


def _lane_run(lane: Lane, saved: LaneHeader, arrays: Arrays, data: Data | None) -> LaneRun:
    start = _finite(take(arrays, "start", np.float64, lane.model.parameter_count))
    model = lane.model
    if isinstance(model, NetworkModel) and data is not None:
        model = _fitting(replace(model, data=data))
    lane = replace(lane, model=model, start=start)
    timeline = Timeline(lane, from_arrays(saved.kept, arrays, lane))
    return LaneRun(timeline, operations(model), saved.origin)


def _fitting(model: NetworkModel) -> NetworkModel:
    """The model, whose loss takes the y of its data."""
    try:
        for y in (model.data.y, model.data.y_test):
            model.loss.encode(y, model.network.sizes[-1])
    except ValueError as error:
        raise ArchiveError(f"its samples do not fit the loss: {error}") from None
    return model


def _finite(values: np.ndarray) -> np.ndarray:
    if not np.isfinite(values).all():
        raise ArchiveError("some of its numbers are not finite")
    return values


def _refuse_misfit(header: Header, scenario: Scenario, lane_runs: Sequence[LaneRun]) -> None:
    """Raise ArchiveError for a field that does not fit the others."""
    cursor, view = header.cursor, header.view
    reached = max(lane_run.timeline.reached for lane_run in lane_runs)
    positions = len(Lockstep([lane_run.operations for lane_run in lane_runs]))
    there = all(lane_run.timeline.reached >= cursor.step or lane_run.timeline.diverged_at for lane_run in lane_runs)
    if (
        not 0 <= cursor.step <= reached
        or not there
        or not (cursor.position is None or 0 <= cursor.position < positions)
    ):
        raise ArchiveError("its cursor stands at no step of the run")
    if not 0 <= header.furthest.step <= MAX_STEP or (header.furthest.position or 0) < 0:
        raise ArchiveError("it was looked at up to no step of a run")
    if not 0 <= view.front < len(lane_runs) or len(set(view.panes or ())) < len(view.panes or ()):
        raise ArchiveError("it looks at a lane or at panes that it does not have")
    if not all(0 <= number < len(scenario.predictions) for number in header.guesses):
        raise ArchiveError("it answers a question that its scenario does not ask")
    for lane_run in lane_runs:
        if lane_run.origin is not None and not (
            is_name(lane_run.origin.lane) and 0 <= lane_run.origin.step <= MAX_REACHED
        ):
            raise ArchiveError(f"its lane {lane_run.lane.id} parted from no lane at no step")
        if not descends(scenario, lane_run.lane):
            raise ArchiveError(f"its lane {lane_run.lane.id} descends from none of its scenario")
    try:
        for point in header.breakpoints:
            condition(point.text, point.inside)
        for text in header.watched:
            require_number(parse(text))
        for override in header.overrides:
            parse_override(override)
    except ValueError as error:
        raise ArchiveError(f"its breakpoints, watch, changes or journal cannot be read: {error}") from None


def _refuse_places(header: Header, scenario: Scenario) -> None:
    """Raise ArchiveError for places that nobody could have named."""
    others = list(scenario.stops)
    try:
        for place in header.places:
            others.append(checked(place, others))
            operation = place.operation
            kind, layer = (operation.kind, operation.layer) if operation else ("batch", 0)
            if kind not in OPERATIONS.values() or bool(layer > 0) == (kind in WITHOUT_LAYER) or layer < 0:
                raise ValueError(f"there is no operation {kind} {layer}")
            if not 0 <= place.at <= MAX_STEP:
                raise ValueError(f"there is no step {place.at}")
    except ValueError as error:
        raise ArchiveError(f"its named places cannot be read: {error}") from None


def _notes(lane_runs: Sequence[LaneRun], saved: dict[str, str]) -> tuple[str, ...]:
    """Whose replay does not come to the saved state bit for bit, and what may be the reason."""
    differing = [lane_run.lane.label for lane_run in lane_runs if not lane_run.timeline.repeats()]
    if not differing:
        return ()
    here = versions()
    changed = [f"{name} {was} there, {here[name]} here" for name, was in saved.items() if here.get(name, was) != was]
    why = f" ({'; '.join(changed)})" if changed else ""
    return (f"replay of {', '.join(differing)} differs from the saved run in the last bits{why}",)
