"""Right ways to keep the numbers of a step that are not gradstep's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array
from nncore.model import NetworkModel
from nncore.trace import Trace
from nncore.training import penalty


@dataclass(frozen=True)
class Convention:
    """kind: of which arrays; mistake: what it looks like; words: what is done about it."""

    kind: str
    mistake: str
    words: str

    def looks_like(self, kind: str, mistake: str | None) -> bool:
        return (kind, mistake) == (self.kind, self.mistake)

    def denied_by(self, kind: str, mistake: str | None) -> bool:
        """Whether what is wrong with it in use shows that it is none."""
        return mistake == self.mistake or (kind == "update" and self.mistake == "penalty-missing")


CONVENTIONS = (
    Convention("delta", "no-mean", "δ was recorded without the 1/m of the mean, and is compared with it"),
    Convention("loss", "penalty-missing", "the loss was recorded without the penalty, and is compared with it"),
    Convention("dW", "penalty-missing", "∂W was recorded without the penalty, and is compared with it"),
)


def kept_as_here(
    model: NetworkModel, made: Trace, recorded: Mapping[str, Array], conventions: Sequence[Convention]
) -> dict[str, Array]:
    """The arrays of a step as gradstep keeps them."""
    kept, settings = dict(recorded), made.settings
    kinds = {convention.kind for convention in conventions}
    for d, (w, _) in enumerate(model.network.split(made.theta), 1):
        if "delta" in kinds and f"delta{d}" in kept:
            kept[f"delta{d}"] = kept[f"delta{d}"] * model.scale(len(made.targets))
        if "dW" in kinds and f"dW{d}" in kept and kept[f"dW{d}"].shape == w.shape:
            kept[f"dW{d}"] = kept[f"dW{d}"] + settings.l2 * w + settings.l1 * np.sign(w)
    if "loss" in kinds and "loss" in kept:
        kept["loss"] = kept["loss"] + penalty(settings, model.penalized, made.theta)
    return kept
