"""The curves of a run as a CSV table, as thinned as the program keeps them."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence

from nncore.timeline import Timeline

Row = dict[str, object]

_EVALUATED = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")


def curves_csv(timelines: Sequence[Timeline]) -> str:
    """A table with a row for each lane and step at which something is known, quantities under their names.

    A row's batch loss and gradient norms are those of the `steps` steps that end at `step`: of one step in runs
    that are not thinned, else the least of each of them in one row and the greatest in the next.
    """
    layers = max(len(timeline.lane.model.blocks) for timeline in timelines)
    norms = [f"grad_norm[{d}]" for d in range(1, layers + 1)]
    text = io.StringIO()
    header = ["lane", "step", "steps", "batch_loss", "grad_norm", *norms, "samples_seen", *_EVALUATED]
    writer = csv.DictWriter(text, header, lineterminator="\n")
    writer.writeheader()
    for timeline in timelines:
        writer.writerows(_rows(timeline))
    return text.getvalue()


def _rows(timeline: Timeline) -> Iterator[Row]:
    logged, evaluated = _logged(timeline), _evaluated(timeline)
    for step in sorted(logged.keys() | evaluated.keys()):
        for row in logged.get(step, [{}]):
            yield {"lane": timeline.lane.id, "step": step, **row, **evaluated.get(step, {})}


def _logged(timeline: Timeline) -> dict[int, list[Row]]:
    """One row for each stretch of steps, or two where its extremes differ, by its last step."""
    log, rows = timeline.log, {}
    low, high = log.extremes
    names = ("batch_loss", "grad_norm", *(f"grad_norm[{d}]" for d in range(1, low.shape[1] - 1)))
    for place, extremes in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
        last = min((place + 1) * log.width, log.last)
        count = last - place * log.width
        rows[last] = [
            {"steps": count, **_finite(dict(zip(names, values, strict=True)))}
            for values in extremes[: 1 if count == 1 else 2]
        ]
    return rows


def _evaluated(timeline: Timeline) -> dict[int, Row]:
    """What was measured on whole parts, by step."""
    return {
        step: {
            "samples_seen": value.samples_seen,
            **_finite({name: float(getattr(value, name)) for name in _EVALUATED}),
        }
        for step, value in timeline.evaluations.items()
    }


def _finite(values: dict[str, float]) -> Row:
    """Empty cells for what has no value."""
    return {name: value if math.isfinite(value) else "" for name, value in values.items()}
