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
from scenarios.file.document import Document
from scenarios.file.models import is_name
from scenarios.file.overrides import parse_override
from scenarios.file.resolve import resolve
from scenarios.runs.build import build
from scenarios.scenario import Scenario
from tui.archive.container import Arrays, unseal
from tui.archive.errors import ArchiveError
from tui.archive.header import MAX_REACHED, PARTS, SCALING, Header, LaneHeader
from tui.archive.snapshot_arrays import take, unpack
from tui.archive.versions import versions
from tui.session.breakpoints import condition
from tui.session.cursor import Lockstep
from tui.session.lane_run import Track
from tui.session.snapshot import SavedRun


def thaw(file: bytes) -> SavedRun:
    """The run in the bytes of a file; raises ArchiveError for any others."""
    content, arrays = unseal(file)
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
    tracks = []
    for number, (lane, saved) in enumerate(zip(lanes, header.lanes, strict=True)):
        prefix = f"{number}/"
        own = {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
        tracks.append(_track(lane, saved, own, data))
    _refuse_misfit(header, scenario, tracks)
    return SavedRun(
        scenario=replace(scenario, overrides=tuple(header.overrides)),
        seed=header.seed,
        tracks=tuple(tracks),
        cursor=header.cursor,
        breakpoints=tuple(header.breakpoints),
        hits=tuple(header.hits),
        first_seed=header.seed if header.first_seed is None else header.first_seed,
        journal=tuple(header.journal),
        guesses=header.guesses,
        answered=tuple(header.answered),
        view=header.view,
        notes=_notes(tracks, header.versions),
    )


def _present(table: dict[str, Any], header: Header) -> dict[str, Any]:
    """The scenario's tables with its lanes as they were when the run was saved."""
    now = {key: value for key, value in table.items() if key not in ("claims", "predict")}
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
    names = (*PARTS, *(SCALING if drawn.mean is not None else ()))
    saved: dict[str, Any] = {
        name: _finite(take(arrays, f"data/{name}", np.float64, *getattr(drawn, name).shape)) for name in names
    }
    return replace(drawn, **saved)


def _track(lane: Lane, saved: LaneHeader, arrays: Arrays, data: Data | None) -> Track:
    start = _finite(take(arrays, "start", np.float64, lane.model.parameter_count))
    model = lane.model
    if isinstance(model, NetworkModel) and data is not None:
        model = _fitting(replace(model, data=data))
    lane = replace(lane, model=model, start=start)
    timeline = Timeline(lane, unpack(saved.kept, arrays, lane))
    return Track(timeline, operations(model), saved.origin)


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


def _refuse_misfit(header: Header, scenario: Scenario, tracks: Sequence[Track]) -> None:
    """Raise ArchiveError for a field that does not fit the others."""
    cursor, view = header.cursor, header.view
    reached = max(track.timeline.reached for track in tracks)
    positions = len(Lockstep([track.operations for track in tracks]))
    there = all(track.timeline.reached >= cursor.step or track.timeline.diverged_at for track in tracks)
    if (
        not 0 <= cursor.step <= reached
        or not there
        or not (cursor.position is None or 0 <= cursor.position < positions)
    ):
        raise ArchiveError("its cursor stands at no step of the run")
    if not 0 <= view.front < len(tracks) or len(set(view.panes or ())) < len(view.panes or ()):
        raise ArchiveError("it looks at a lane or at panes that it does not have")
    if not all(0 <= number < len(scenario.predictions) for number in header.guesses):
        raise ArchiveError("it answers a question that its scenario does not ask")
    for track in tracks:
        if track.origin is not None and not (is_name(track.origin.lane) and 0 <= track.origin.step <= MAX_REACHED):
            raise ArchiveError(f"its lane {track.lane.id} parted from no lane at no step")
        if not descends(scenario, track.lane):
            raise ArchiveError(f"its lane {track.lane.id} descends from none of its scenario")
    try:
        for point in header.breakpoints:
            condition(point.text)
        for override in header.overrides:
            parse_override(override)
    except ValueError as error:
        raise ArchiveError(f"its breakpoints, changes or journal cannot be read: {error}") from None


def _notes(tracks: Sequence[Track], saved: dict[str, str]) -> tuple[str, ...]:
    """Whose replay does not come to the saved state bit for bit, and what may be the reason."""
    differing = [track.lane.label for track in tracks if not track.timeline.repeats()]
    if not differing:
        return ()
    here = versions()
    changed = [f"{name} {was} there, {here[name]} here" for name, was in saved.items() if here.get(name, was) != was]
    why = f" ({'; '.join(changed)})" if changed else ""
    return (f"replay of {', '.join(differing)} differs from the saved run in the last bits{why}",)
