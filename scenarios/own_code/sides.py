"""The two sides of a comparison: lanes of scenarios, and recorded loops with or without the scenario they belong to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nncore.arrays import Array
from nncore.model import NetworkModel
from nncore.slices import Slices
from nncore.training import Lane
from scenarios.errors import ScenarioError, nearest, quoted
from scenarios.file.loader import load, parse
from scenarios.own_code.causes import shape
from scenarios.own_code.difference import Comparison, Run
from scenarios.own_code.findings import Difference, First
from scenarios.own_code.recorded import RecordedStep, Recording, recordings
from scenarios.own_code.reference import Reference, joined, numbers
from scenarios.own_code.tolerance import Tolerance, first_entry, relative_difference
from scenarios.own_code.two_files import compare_files
from scenarios.runs.build import build
from scenarios.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Side:
    """One lane of a scenario, or one recorded loop. name: as it was given; lane_id: "" for a loop that has none.

    lane, scenario: what trains along, if anything; recording: what was recorded, if anything.
    """

    name: str
    lane_id: str
    lane: Lane | None
    scenario: Scenario | None
    recording: Recording | None

    @property
    def called(self) -> str:
        """How it is called beside another."""
        named = self.lane_id and not self.name.endswith(f":{self.lane_id}")
        return f"{self.name}:{self.lane_id}" if named else self.name

    @property
    def model(self) -> NetworkModel:
        assert self.lane is not None
        if not isinstance(self.lane.model, NetworkModel):
            raise ScenarioError(self.name, "", f"{self.lane_id} is a function; allowed: lanes that are networks")
        return self.lane.model


@dataclass(frozen=True, eq=False)
class LaneRun:
    """A lane that trains by itself, as a run."""

    lane: Lane
    model: NetworkModel
    count: int
    exact: float = float(np.finfo(np.float64).eps)

    def start(self) -> dict[str, Array]:
        return dict(self.model.parts(self.lane.start))

    def steps(self) -> Iterator[RecordedStep]:
        reference, state = Reference(self.lane, self.model), self.lane.first_state()
        for _ in range(self.count):
            made = reference.trace(state, None)
            yield RecordedStep(made.indices, numbers(self.model, made))
            if not made.finite:
                return
            state = reference.after(state, made)


def sides(given: str) -> list[Side]:
    """The lanes that SCENARIO[:LANE] or FILE.npz[:LANE] stands for; raises ScenarioError."""
    name, lane = _split(given)
    found = _of_file(given, name) if name.lower().endswith(".npz") else _of_scenario(given, name)
    if lane is None:
        return found
    chosen = [side for side in found if side.lane_id == lane]
    if not chosen:
        known = [side.lane_id for side in found if side.lane_id]
        allowed = f"; allowed: {', '.join(known)}{nearest(lane, known)}" if known else ", nor any other"
        raise ScenarioError(name, "", f"there is no lane {quoted(lane)}{allowed}")
    return chosen


def pairs(a: str, b: str) -> list[tuple[Side, Side]]:
    """What is compared with what: one lane with one, or all lanes of the same names. Raises ScenarioError."""
    those, others = sides(a), sides(b)
    if len(those) == len(others) == 1:
        return [(those[0], others[0])]
    by_id = {side.lane_id: side for side in others}
    if len(those) > 1 and len(others) > 1:
        both = [(side, by_id[side.lane_id]) for side in those if side.lane_id in by_id]
        if both:
            return both
    several, name = (those, a) if len(those) > 1 else (others, b)
    known = ", ".join(f"{name}:{side.lane_id}" for side in several)
    raise ScenarioError(name, "", f"there are {len(several)} lanes; allowed: {known}")


def compare(a: Side, b: Side, asked: float | None, tick: Callable[[int], object]) -> tuple[Difference, bool]:
    """How two sides differ, and whether the lane that trains along is that of b."""
    if a.lane is None and b.lane is None:
        assert a.recording is not None
        assert b.recording is not None
        exact = max(a.recording.exact, b.recording.exact)
        return compare_files(a.recording, b.recording, Tolerance.of(exact, asked), tick), False
    swapped = a.lane is None or (b.lane is not None and b.recording is None and a.recording is not None)
    own, other = (b, a) if swapped else (a, b)
    return _along(own, other, asked, tick), swapped


def lanes_compared(lane: Lane, other: Lane, steps: int, tick: Callable[[int], object]) -> Slices[Difference]:
    """How a lane and another on the same samples differ over so many steps, in slices; both are of networks alike.

    Also where they start with other values or have other batches, it is told how far apart they are after each step.
    """
    own, found = lane.model, other.model
    assert isinstance(own, NetworkModel)
    assert isinstance(found, NetworkModel)
    run, apart = LaneRun(other, found, steps), {}
    difference = yield from Comparison(lane, own, run, Tolerance.of(run.exact), own_batches=True).comparing(tick)
    if difference.first is None or len(difference.apart) == steps:
        return replace(difference, missing=())
    for number, pair in enumerate(zip(LaneRun(lane, own, steps).steps(), run.steps(), strict=False), 1):
        one, two = (joined(own, step.numbers) for step in pair)
        if one is not None and two is not None:
            apart[number] = relative_difference(one, two)
        tick(1)
        yield
    return replace(difference, apart=apart, missing=())


def step_count(a: Side, b: Side) -> int:
    """How many steps can be compared."""
    own = [side.recording.count for side in (a, b) if side.recording is not None]
    planned = [side.scenario.steps for side in (a, b) if side.scenario is not None and side.recording is None]
    return min(own) if own else min(planned)


def _along(own: Side, other: Side, asked: float | None, tick: Callable[[int], object]) -> Difference:
    """How a lane that trains along differs from a run; it takes that run's start and batches if it has no record."""
    assert own.lane is not None
    model, lane = own.model, own.lane
    run: Run
    if other.lane is not None:
        run = LaneRun(other.lane, other.model, step_count(own, other))
    else:
        assert other.recording is not None
        run = other.recording
    tolerance = Tolerance.of(run.exact, asked)
    takes = own.recording is None and other.recording is not None
    if takes:
        start = joined(model, run.start())
        lane = lane if start is None else replace(lane, start=start)
    first = _samples(model, other, tolerance)
    if first is not None:
        return Difference(0, 0.0, first, {})
    return Comparison(lane, model, run, tolerance, own_batches=not takes).compared(tick)


def _samples(model: NetworkModel, other: Side, tolerance: Tolerance) -> First | None:
    """The first sample of the other side that is another one; raises ScenarioError for batches of more samples."""
    if other.lane is not None:
        data = other.model.data
        given = {"x": data.x, "y": data.y}
    else:
        assert other.recording is not None
        given = {name: other.recording.whole(name) for name in ("x", "y") if name in other.recording.entries}
        _refuse_batches(other.recording, model.samples)
    for name, found in given.items():
        own: Array = getattr(model.data, name)
        if found.shape != own.shape:
            says = f"{name} is {shape(own)} and {shape(found)}: the samples differ"
            return First(1, "batch", None, name, None, own, found, None, says)
        if not tolerance.near(own, found):
            entry = first_entry(own, found, tolerance)
            return First(1, "batch", None, name, entry, own, found, None, f"{name}: the samples differ")
    return None


def _refuse_batches(recording: Recording, samples: int) -> None:
    """Raise ScenarioError for batches without samples, and of samples that are not there."""
    if "batches" not in recording.entries:
        return
    highest = recording.whole("batches").reshape(recording.count, -1).max(axis=1, initial=-1)
    if recording.count and highest.max() >= samples:
        raise recording.error("batches", f"found sample {int(highest.max())}; allowed: 0 to {samples - 1}")
    if (highest < 0).any():
        raise recording.error("batches", f"step {int(np.argmin(highest)) + 1} has no samples; allowed: at least one")


def _split(given: str) -> tuple[str, str | None]:
    """A name and the lane after its last colon, if that is one."""
    match = re.fullmatch(r"(.+):([A-Za-z_]\w*)", given)
    return (match[1], match[2]) if match and not Path(given).exists() else (given, None)


def _of_scenario(given: str, name: str) -> list[Side]:
    scenario = load(name)
    return [Side(given, lane.id, lane, scenario, None) for lane in build(scenario)]


def _of_file(given: str, name: str) -> list[Side]:
    made, texts = recordings(name)
    scenario = recorded_scenario(name, texts)
    if scenario is None:
        return [Side(given, lane, None, None, recording) for lane, recording in made.items()]
    lanes = {lane.id: lane for lane in build(scenario)}
    if missing := [lane for lane in made if lane not in lanes]:
        raise ScenarioError(name, "scenario", f"has no lane {quoted(missing[0])}, which the file holds")
    return [Side(given, lane, lanes[lane], scenario, recording) for lane, recording in made.items()]


def recorded_scenario(name: str, texts: Mapping[str, object]) -> Scenario | None:
    """The scenario that a record holds, None where it holds none; raises ScenarioError."""
    text = texts.get("scenario")
    if not isinstance(text, str):
        return None
    scenario = parse(text.encode(), f"{name}: scenario", Path())
    return replace(scenario, overrides=_overrides(texts.get("overrides")))


def _overrides(found: object) -> tuple[str, ...]:
    return tuple(map(str, found)) if isinstance(found, Sequence) and not isinstance(found, str) else ()
