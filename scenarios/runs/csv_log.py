"""A run as a CSV table: a row for each lane, step and seed, a column for each quantity."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from typing import TextIO

import numpy as np

from nncore.batches import is_full
from nncore.history import evaluation_stride
from nncore.training import Lane
from scenarios.expressions.tree import Quantity
from scenarios.quantities.definitions import Number, definition_of, numbers
from scenarios.quantities.measure import Measurement, measure
from scenarios.runs.report import columns, reported
from scenarios.scenario import Scenario


class CsvLog:
    """Writes rows as lanes are run. `seeds` adds a column for the seed of each replica.

    Quantities that pass whole parts through the network stand in the rows of a thinning cadence, of the
    claims' steps and of the last step; the train loss of full batches, and what `also` names, in every row.
    """

    def __init__(
        self,
        stream: TextIO,
        scenario: Scenario,
        lanes: Sequence[Lane],
        steps: int,
        seeds: bool,
        also: Sequence[Quantity] = (),
    ) -> None:
        self._own = {lane.id: frozenset(reported(scenario, lane, also)) for lane in lanes}
        self._columns = columns(scenario, lanes, also)
        self._also = frozenset(also)
        self._seeds = seeds
        self._marked = {claim.at for claim in scenario.verified} | {steps}
        self._writer = csv.writer(stream, lineterminator="\n")
        header = ["lane", "step", *(["seed"] if seeds else [])]
        self._writer.writerow([*header, *map(str, self._columns)])

    def watch(self, measurement: Measurement) -> None:
        """Write the rows of a step: none for a replica that diverged before."""
        lane = measurement.lane
        diverged = np.atleast_1d(measurement.state.diverged_at)
        step = int(diverged.max()) if diverged.all() else measurement.state.step
        cells = [self._column(measurement, quantity, step) for quantity in self._columns]
        for row, seed in enumerate(lane.seeds):
            if diverged[row] in (0, step):
                head = [lane.id, step, *([seed] if self._seeds else [])]
                self._writer.writerow([*head, *(column[row] for column in cells)])

    def _column(self, measurement: Measurement, quantity: Quantity, step: int) -> list[Number]:
        """The cells of a quantity, one a replica; the writer leaves None empty."""
        lane = measurement.lane
        asked = replace(quantity, lane=lane.id) in self._also
        if quantity not in self._own[lane.id] or not (asked or self._due(lane, quantity.name, step)):
            return [None] * len(lane.seeds)
        return numbers(quantity.name, np.atleast_1d(measure(measurement, quantity.name, quantity.indices)))

    def _due(self, lane: Lane, name: str, step: int) -> bool:
        definition = definition_of(name)
        if definition.every_step or step in self._marked:
            return True
        if name == "train_loss" and is_full(lane.settings_at(step).batch_size, lane.model.samples):
            return True
        return not definition.costly and step % evaluation_stride(step) == 0
