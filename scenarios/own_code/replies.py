"""What a learner's functions replied, each with the true step that it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nncore.arrays import Array
from nncore.network import activation_named
from nncore.trace import Trace, trace
from scenarios.own_code.calls import Call, Plan
from scenarios.own_code.cases import STEPS, Case, network, state_at
from scenarios.own_code.worker import RESULTS, About, Arrays

WHOLE_STEPS = "steps"
"""In place of a function: all of them together."""


@dataclass(frozen=True, eq=False)
class Reply:
    """What a function returned for a case, or the error that it raised: `about` as `worker` reports it."""

    function: str
    case: Case
    about: About
    arrays: Arrays

    @property
    def whole(self) -> bool:
        """Whether the function came back with all that it should return, be it right or wrong."""
        return "error" not in self.about and not any(layer == 0 for _, layer, _ in self.about["faults"])


Reported = Sequence[tuple[int, About, Arrays]]
"""What was reported, with the numbers of the calls."""


def replies(asked: Sequence[Call | None], reported: Reported) -> Iterator[Reply]:
    """What was reported of functions on their own."""
    for number, about, arrays in reported:
        call = asked[number]
        if call is not None and (call.case.judged or "error" in about):
            yield Reply(call.function, call.case, about, arrays)


def replies_in_steps(plan: Plan, asked: Sequence[Call | None], reported: Reported) -> Iterator[Reply]:
    """What was reported of whole steps, as far as their numbers are no extreme ones.

    Each function is compared with what is true for the numbers that the learner's other functions gave it.
    """
    theta, optimizer = plan.lane.start, plan.lane.settings.optimizer
    memory, case = optimizer.init(theta), None
    for number, about, arrays in reported:
        if asked[number] is not None:
            continue
        step, function = about["step"], about["function"]
        if function == "forward":
            lane = replace(plan.batches[step - 1], start=theta)
            seen = trace(lane, state_at(lane, theta, memory, step - 1))
            if not seen.finite or max(np.abs(a).max() for a in seen.a) > _EXTREME:
                return
            case = Case(lane, seen, f"step {step} of {STEPS} whole ones")
        assert case is not None
        yield Reply(function, case, about, arrays)
        seen = case.trace
        try:
            if function == "forward":
                case = replace(case, trace=_passed_on(case, arrays))
            elif function == "backward":
                case = replace(case, trace=replace(seen, gradient=_joined(case, arrays, "dW", "db")))
            elif function == "update":
                theta = _joined(case, arrays, *RESULTS["update"])
                _, memory = optimizer.update(seen.gradient, memory, seen.learning_rate, seen.count)
        except (KeyError, ValueError):  # something is missing, or of another shape
            return


_EXTREME = 30.0
"""A pre-activation beyond this one is not asked of every right way to write an activation or a loss."""


def _passed_on(case: Case, arrays: Arrays) -> Trace:
    """The step with the forward pass that is in arrays; raises KeyError or ValueError where it is not whole."""
    seen, model = case.trace, network(case.lane)
    a = tuple(arrays[f"A{d}"].reshape(old.shape) for d, old in enumerate(seen.a, 1))
    z = (seen.z[0], *(arrays[f"Z{d}"].reshape(old.shape) for d, old in enumerate(seen.z) if d))
    derivative = tuple(np.ones_like(part) for part in a)
    for d, name in enumerate(model.network.activations):
        if d + 1 < len(a) or not model.loss.from_logits:
            activation_named(name).derivative(a[d], z[d + 1], derivative[d])
    return replace(seen, a=a, z=z, derivative=derivative)


def _joined(case: Case, arrays: Arrays, weights: str, biases: str) -> Array:
    """A vector (P,) of what stands in dictionaries by layer."""
    layers = range(1, network(case.lane).network.depth + 1)
    return network(case.lane).network.join([(arrays[f"{weights}{d}"], arrays[f"{biases}{d}"]) for d in layers])
