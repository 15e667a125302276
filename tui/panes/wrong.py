"""The training samples that a network of two inputs puts in the wrong class: which, how many, and each in numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from nncore.metrics import classifies, correct
from tui.explain.names import listed_inputs, vector
from tui.explain.sample import wanted
from tui.render.numbers import count, num
from tui.session.frame import LaneFrame

LISTED = 100
"""Wrongly answered samples that are listed."""
WORK = 2e8
"""Multiply-adds that looking at the samples may cost; where there are more, evenly many are looked at."""


@dataclass(frozen=True, eq=False)
class Wrong:
    """The numbers of the wrongly answered samples, in order, of those that were looked at."""

    numbers: np.ndarray
    among: range

    @property
    def words(self) -> str:
        """How many are wrong: of large data, of evenly many samples."""
        some = f", 1 of {self.among.step} looked at" if self.among.step > 1 else ""
        return f"{count(len(self.numbers))} of {count(len(self.among))} wrong{some}"

    def after(self, number: int | None) -> int | None:
        """The next one after a sample, from the last on the first; None where there is none."""
        if not len(self.numbers):
            return None
        at = 0 if number is None else int(np.searchsorted(self.numbers, number, "right"))
        return int(self.numbers[at % len(self.numbers)])

    def place(self, number: int) -> str:
        """Which of the wrong ones a sample is: " (wrong, 3 of 7)", or "" if it is none."""
        (at,) = np.nonzero(self.numbers == number)
        return f" (wrong, {at[0] + 1} of {len(self.numbers)})" if len(at) else ""


def maps_classes(lane: LaneFrame) -> bool:
    """Whether a lane is drawn as a map of the plane on which samples are right or wrong."""
    return not lane.is_function and lane.network.network.sizes[0] == 2 and classifies(lane.network)


def wrong_answers(lane: LaneFrame) -> Wrong | None:
    """The samples put in the wrong class at θ as the cursor sees it, as accuracy counts them; None without a map."""
    if not maps_classes(lane):
        return None
    model = lane.network
    among = range(0, model.samples, math.ceil(model.samples * model.work / WORK))
    shown = slice(None, None, among.step)
    with np.errstate(all="ignore"):
        right = correct(model, model.network.outputs(lane.theta, model.data.x[shown]), model.data.y[shown])
    return Wrong(np.array(among)[~right], among)


def list_wrong(lane: LaneFrame, wrong: Wrong) -> list[tuple[str, ...]]:
    """The wrongly answered samples with what they should be and their outputs, those of the largest loss first."""
    model, numbers = lane.network, wrong.numbers
    if not len(numbers):
        return [(f"No training sample is answered wrongly at θ now: {wrong.words}.",)]
    with np.errstate(all="ignore"):
        a, z = model.network.forward(lane.theta, model.data.x[numbers])
        losses = model.loss.value(a[-1], z[-1], model.targets[numbers])
    rows: list[tuple[str, ...]] = [
        (f"{wrong.words}, at θ now",),
        ("",),
        ("sample", "inputs" if model.data.names.inputs else "x", "wanted", "output z", "loss"),
    ]
    for at in np.argsort(-losses, kind="stable")[:LISTED].tolist():
        number = int(numbers[at])
        row = (
            listed_inputs(model.data, model.data.x[number]),
            wanted(model, model.targets[number]),
            vector(z[-1][at]),
            num(losses[at]),
        )
        rows.append((str(number), *row))
    return rows + ([(f"… and {len(numbers) - LISTED:,} of smaller loss",)] if len(numbers) > LISTED else [])
