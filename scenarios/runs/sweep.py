"""A sweep: every combination of varied keys over every seed. A row is one of them, with what each lane came to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from scenarios.errors import ScenarioError
from scenarios.expressions.tree import Quantity
from scenarios.file.loader import load
from scenarios.quantities.definitions import Number, numbers
from scenarios.runs.build import build
from scenarios.runs.lane_training import parts_for
from scenarios.runs.parallel import Crew
from scenarios.runs.report import LaneReport, SeedsRun, columns, in_order, reported, seed_runs
from scenarios.runs.sweep_values import Varied, parse_varied
from scenarios.scenario import Scenario

MAX_ROWS = 1_000_000


@dataclass(frozen=True, eq=False)
class Setting:
    """A combination of values: their texts in the order of the varied keys, and the scenario that has them.

    quantities: by their names those that a run reports, for each lane by its id.
    """

    texts: tuple[str, ...]
    scenario: Scenario
    steps: int
    quantities: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Row:
    """A run: the place of its setting in the sweep, its seed, and each lane's quantities at the end, by its id."""

    setting: int
    seed: int
    lanes: Mapping[str, Mapping[str, Number]]


@dataclass(frozen=True, eq=False)
class Sweep:
    """What there is to run. columns: every quantity that some lane reports."""

    varied: tuple[Varied, ...]
    settings: tuple[Setting, ...]
    seeds: int
    columns: tuple[str, ...]

    def seeds_of(self, place: int) -> range:
        """The seeds of a setting."""
        first = self.settings[place].scenario.seed
        return range(first, first + self.seeds)

    @property
    def keys(self) -> list[tuple[int, int]]:
        """Every row, by the place of its setting and its seed."""
        return [(place, seed) for place in range(len(self.settings)) for seed in self.seeds_of(place)]


def plan_sweep(
    name: str,
    vary: Sequence[str],
    overrides: Sequence[str] = (),
    seeds: int = 1,
    steps: int | None = None,
    tick: Callable[[int], object] | None = None,
) -> Sweep:
    """The sweep of a scenario's KEY=V1,V2,… on top of its KEY=VALUE, each over its own steps or `steps`.

    `tick` is called with 1 after each combination. Raises ScenarioError for what cannot be read or run.
    """
    varied = tuple(map(parse_varied, vary))
    _refuse_twice(varied, overrides)
    count = prod(len(one.texts) for one in varied)
    if count * seeds > MAX_ROWS:
        message = f"found {count:,} combinations over {seeds:,} seeds; allowed: {MAX_ROWS:,} rows"
        raise ScenarioError("--vary", "", message)
    settings: list[Setting] = []
    found: set[Quantity] = set()
    for texts in product(*(one.texts for one in varied)):
        scenario = _load(name, overrides, [f"{one.key}={text}" for one, text in zip(varied, texts, strict=True)])
        lanes = build(scenario)
        quantities = {lane.id: tuple(map(str, reported(scenario, lane))) for lane in lanes}
        found |= set(columns(scenario, lanes))
        settings.append(Setting(texts, scenario, scenario.steps if steps is None else steps, quantities))
        if tick:
            tick(1)
    return Sweep(varied, tuple(settings), seeds, tuple(map(str, in_order(found))))


def _refuse_twice(varied: Sequence[Varied], overrides: Iterable[str]) -> None:
    keys = [override.partition("=")[0].strip() for override in overrides]
    for one in varied:
        if one.key in keys:
            raise ScenarioError(f"--vary {one.key}", "", "the key is given twice")
        keys.append(one.key)


def _load(name: str, overrides: Sequence[str], chosen: Sequence[str]) -> Scenario:
    """The scenario with a combination of values; what is wrong with one of these is told of --vary."""
    try:
        return load(name, (*overrides, *chosen))
    except ScenarioError as error:
        for text in chosen:
            if error.file == f"--set {text}":
                raise ScenarioError(f"--vary {text}", error.key, error.message) from None
        raise


def jobs_of(sweep: Sweep, done: Iterable[tuple[int, int]], workers: int) -> list[tuple[int, SeedsRun]]:
    """What is left to run as jobs, each with the place of its setting: seeds are stacked where that is faster."""
    rest: dict[int, list[int]] = {}
    known = set(done)
    for place, seed in sweep.keys:
        if (place, seed) not in known:
            rest.setdefault(place, []).append(seed)
    if not rest:
        return []
    parts = parts_for(workers, len(rest), max(map(len, rest.values())))
    return [
        (place, job)
        for place, seeds in rest.items()
        for job in seed_runs(sweep.settings[place].scenario, seeds, sweep.settings[place].steps, parts)
    ]


def rows_of(
    jobs: Sequence[tuple[int, SeedsRun]], crew: Crew[list[LaneReport]], tick: Callable[[int], object] | None = None
) -> Iterator[list[Row]]:
    """The rows of each job, as jobs get done; `tick` is called with the steps made."""
    for number, reports in crew.each([job for _, job in jobs], tick):
        place, job = jobs[number]
        values = {report.id: {name: numbers(name, one) for name, one in report.values.items()} for report in reports}
        yield [
            Row(place, seed, {lane: {name: one[i] for name, one in found.items()} for lane, found in values.items()})
            for i, seed in enumerate(job.seeds)
        ]
