"""The curves of a run as a CSV table, as thinned as the program keeps them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields

from nncore.metrics import Evaluation
from nncore.timeline import Timeline
from scenarios.quantities.definitions import number, references

Row = dict[str, object]


def curves_csv(timelines: Sequence[Timeline]) -> str:
    """A table with a row for each lane and step at which something is known, quantities under their names.

    A row's batch loss and gradient norms are those of the `steps` steps that end at `step`: of one step in runs
    that are not thinned, else the least of each of them in one row and the greatest in the next.
    """
    layers = max(len(timeline.lane.model.blocks) for timeline in timelines)
    measured = [field.name for field in fields(Evaluation)]
    text = io.StringIO()
    header = ["lane", "step", "steps", *_of_steps(layers), *measured]
    writer = csv.DictWriter(text, header, lineterminator="\n")
    writer.writeheader()
    for timeline in timelines:
        writer.writerows(_rows(timeline))
    return text.getvalue()


def _of_steps(layers: int) -> list[str]:
    """The columns of a log, in its order."""
    return [str(quantity) for name in ("batch_loss", "grad_norm") for quantity in references(name, layers)]


def _rows(timeline: Timeline) -> Iterator[Row]:
    logged, evaluated = _logged(timeline), _evaluated(timeline)
    for step in sorted(logged.keys() | evaluated.keys()):
        for row in logged.get(step, [{}]):
            yield {"lane": timeline.lane.id, "step": step, **row, **evaluated.get(step, {})}


def _logged(timeline: Timeline) -> dict[int, list[Row]]:
    """One row for each stretch of steps, or two where its extremes differ, by its last step."""
    log, rows = timeline.log, {}
    names = _of_steps(len(timeline.lane.model.blocks))
    for place, extremes in enumerate(zip(*log.extremes.tolist(), strict=True)):
        last = min((place + 1) * log.width, log.last)
        count = last - place * log.width
        rows[last] = [
            {"steps": count, **_cells(dict(zip(names, values, strict=True)))}
            for values in extremes[: 1 if count == 1 else 2]
        ]
    return rows


def _evaluated(timeline: Timeline) -> dict[int, Row]:
    """What was measured on whole parts, by step."""
    return {step: _cells(asdict(value)) for step, value in timeline.evaluations.items()}


def _cells(values: dict[str, float]) -> Row:
    """The values as files show them; the writer leaves None empty."""
    return {name: number(name, value) for name, value in values.items()}
