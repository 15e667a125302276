"""What a run reports: which quantities of which lane, and their values for one seed or several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nncore.arrays import Array
from nncore.operations import Operation
from nncore.trace import first_overflow, trace
from nncore.training import Lane
from scenarios.expressions.tree import Quantity, walk
from scenarios.quantities.definitions import QUANTITIES, numbered, references
from scenarios.quantities.measure import Measurement, measure
from scenarios.runs.build import build, replicas
from scenarios.runs.lane_training import run_lane, seed_stacks, work_of
from scenarios.scenario import Scenario


@dataclass(frozen=True, eq=False)
class LaneReport:
    """A lane at the end of its run: each quantity (seeds,) by its name, NaN where it has no meaning.

    stopped: the operation whose result was the first that was not finite, for a single lane that diverged.
    """

    id: str
    label: str
    values: dict[str, Array]
    stopped: Operation | None


@dataclass(frozen=True, eq=False)
class SeedsRun:
    """A job for workers: a scenario run to `length` updates for some seeds, as one stack of replicas.

    work: about how many multiply-adds it takes. also: quantities of lanes that are reported besides.
    """

    scenario: Scenario
    seeds: tuple[int, ...]
    length: int
    work: int
    also: tuple[Quantity, ...] = ()

    @property
    def steps(self) -> int:
        """How many steps there are to make, each replica's of each lane counted."""
        return self.length * len(self.seeds) * len(self.scenario.lanes)

    def __call__(self, tick: Callable[[int], object] | None = None) -> list[LaneReport]:
        single = len(self.seeds) == 1
        lanes = build(self.scenario, self.seeds[0]) if single else replicas(self.scenario, self.seeds)

        def count(steps: int) -> None:
            if tick:
                tick(steps * len(self.seeds))

        return run_lanes(self.scenario, [lanes], self.length, (), count, self.also)


def seed_runs(
    scenario: Scenario, seeds: Sequence[int], steps: int, parts: int = 1, also: Sequence[Quantity] = ()
) -> list[SeedsRun]:
    """A scenario's run for seeds as jobs, at least so many. Raises ScenarioError as `build` does."""
    lanes = build(scenario)
    pieces = seed_stacks(scenario, seeds, parts)
    return [SeedsRun(scenario, tuple(piece), steps, work_of(lanes, steps, len(piece)), tuple(also)) for piece in pieces]


def joined(parts: Sequence[Sequence[LaneReport]]) -> list[LaneReport]:
    """One report a lane from those over parts of the seeds."""
    found = []
    for lane in zip(*parts, strict=True):
        values = {name: np.concatenate([report.values[name] for report in lane]) for name in lane[0].values}
        found.append(replace(lane[0], values=values, stopped=None))
    return found


def run_lanes(
    scenario: Scenario,
    stacks: Sequence[Sequence[Lane]],
    steps: int,
    watchers: Sequence[Callable[[Measurement], object]] = (),
    progress: Callable[[int], object] | None = None,
    also: Sequence[Quantity] = (),
) -> list[LaneReport]:
    """Run every lane to `steps` updates; a stack holds all lanes, singly or as replicas for some seeds.

    also: quantities of lanes that are reported besides.
    """
    return [
        _report(scenario, also, [run_lane(lane, steps, watchers, progress) for lane in stacked])
        for stacked in zip(*stacks, strict=True)
    ]


def _report(scenario: Scenario, also: Sequence[Quantity], ends: Sequence[Measurement]) -> LaneReport:
    lane = ends[0].lane
    columns = {
        str(quantity): [np.atleast_1d(measure(end, quantity.name, quantity.indices)) for end in ends]
        for quantity in reported(scenario, lane, also)
    }
    diverged = lane.start.ndim == 1 and ends[0].state.diverged_at
    stopped = first_overflow(lane, trace(lane, ends[0].state)) if diverged else None
    values = {name: np.concatenate(parts) for name, parts in columns.items()}
    return LaneReport(lane.id, lane.label, values, stopped)


def reported(scenario: Scenario, lane: Lane, also: Sequence[Quantity] = ()) -> list[Quantity]:
    """The quantities of a lane that a run reports: the cheap ones, and the others that checks or `also` name."""
    asked = [*_named(scenario), *also]
    named = [Quantity(None, leaf.name, leaf.indices) for leaf in asked if leaf.lane == lane.id]
    known = [
        quantity
        for name, definition in QUANTITIES.items()
        if definition.of_lane
        for quantity in references(name, len(lane.model.blocks))
        if quantity in named or not (definition.costly or (quantity.indices and not definition.layers_reported))
    ]
    return list(dict.fromkeys([*known, *named]))


def columns(scenario: Scenario, lanes: Sequence[Lane], also: Sequence[Quantity] = ()) -> list[Quantity]:
    """The quantities that a run reports of any of its lanes, each once."""
    return in_order(quantity for lane in lanes for quantity in reported(scenario, lane, also))


def in_order(found: Iterable[Quantity]) -> list[Quantity]:
    """Quantities each once, in the order of their definitions."""
    order = {name: place for place, name in enumerate(QUANTITIES)}
    return sorted(set(found), key=lambda one: (order.get(one.name, len(order)), numbered(one.name) or (), one.indices))


def _named(scenario: Scenario) -> Iterator[Quantity]:
    """Every quantity in a claim or a prediction."""
    checks = [claim.check for claim in scenario.verified]
    checks += [prediction.answer for prediction in scenario.predictions]
    checks += [condition for check in checks for condition in check.first_steps]
    for check in checks:
        yield from (node for node in walk(check.root) if isinstance(node, Quantity))
