"""What a learner's functions replied, each with the true step that it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nncore.arrays import Array
from nncore.trace import trace
from scenarios.own_code.calls import Call, Plan
from scenarios.own_code.cases import STEPS, Case, network, state_at
from scenarios.own_code.worker import RESULTS, About, Arrays

WHOLE_STEPS = "steps"
"""In place of a function: all of them together."""


@dataclass(frozen=True, eq=False)
class Reply:
    """What a function returned for a case, or the error that it raised: `about` as `worker` reports it.

    asked: the function that was called, or WHOLE_STEPS.
    """

    asked: str
    function: str
    case: Case
    about: About
    arrays: Arrays

    @property
    def whole(self) -> bool:
        """Whether the function came back with all that it should return, be it right or wrong."""
        return "error" not in self.about and not any(layer == 0 for _, layer, _ in self.about["faults"])


def replies(plan: Plan, asked: Sequence[Call | None], reported: Sequence[tuple[int, About, Arrays]]) -> Iterator[Reply]:
    """What was reported of calls by their numbers, in order."""
    steps = []
    for number, about, arrays in reported:
        call = asked[number]
        if call is None:
            steps.append((about, arrays))
        else:
            yield Reply(call.function, call.function, call.case, about, arrays)
    yield from _in_steps(plan, steps)


def _in_steps(plan: Plan, reported: Sequence[tuple[About, Arrays]]) -> Iterator[Reply]:
    """What was reported of whole steps: each step is the true one that follows from the learner's own parameters."""
    theta, optimizer = plan.lane.start, plan.lane.settings.optimizer
    memory, case = optimizer.init(theta), None
    for about, arrays in reported:
        step, function = about["step"], about["function"]
        if function == "forward":
            lane = replace(plan.batches[step - 1], start=theta)
            seen = trace(lane, state_at(lane, theta, memory, step - 1))
            if not seen.finite:
                return
            case = Case(lane, seen, f"step {step} of {STEPS} whole ones")
        assert case is not None
        yield (reply := Reply(WHOLE_STEPS, function, case, about, arrays))
        if not reply.whole:
            return
        if function == "backward":
            gradient = _joined(case, arrays, "dW", "db")
            case = replace(case, trace=replace(case.trace, gradient=gradient))
        elif function == "update":
            seen = case.trace
            theta = _joined(case, arrays, *RESULTS["update"])
            _, memory = optimizer.update(seen.gradient, memory, seen.learning_rate, seen.count)


def _joined(case: Case, arrays: Arrays, weights: str, biases: str) -> Array:
    """A vector (P,) of what stands in dictionaries by layer."""
    layers = range(1, network(case.lane).network.depth + 1)
    return network(case.lane).network.join([(arrays[f"{weights}{d}"], arrays[f"{biases}{d}"]) for d in layers])
