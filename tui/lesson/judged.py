"""Whether a number that a learner typed is right, and which mistake it is."""

from __future__ import annotations

from dataclasses import replace

from nncore.mistakes.catalogue import MISTAKES
from nncore.mistakes.judgement import NOTHING_RECORDED, TYPED, Judgement, judge
from nncore.mistakes.judgement import Found as Mistaken
from nncore.mistakes.made_of import Entry
from nncore.mistakes.update_values import update_values
from nncore.operations import OperationKind
from tui.render.numbers import num
from tui.session.frame import LaneFrame


def judged(lane: LaneFrame, index: int, entry: Entry, number: float) -> Judgement:
    """The judgement of a number of the operation at a place of the step.

    An update's may be what is subtracted, or the new value, from the old one as it is or in the digits shown.
    """
    operation, trace = lane.operations[index], lane.trace
    judgement = judge(lane.lane, trace, operation, entry, number)
    if operation.kind is not OperationKind.UPDATE:
        return judgement
    at = index_in_theta(lane, index, entry)
    theta, change = float(trace.theta[at]), float(trace.change[at])
    size = update_values(lane.lane.model, trace, operation.layer, len(entry), NOTHING_RECORDED).change().size[entry]
    margin = TYPED * float(size) + 1e-12 * abs(theta)
    if abs(number - change) <= margin:
        return Judgement(True)
    if any(abs(number - (old - change)) <= margin for old in (theta, float(num(theta)))):
        return Judgement(True, says=f"that is the new value: {num(change)} is subtracted")
    subtracted = judge(lane.lane, trace, operation, entry, theta - number)
    if subtracted.mistakes or not judgement.mistakes:
        return replace(subtracted, right=False, says=subtracted.says or "look at what is subtracted")
    return judgement


def alone(lane: LaneFrame, index: int, entry: Entry, row: int, number: float) -> Judgement | None:
    """The judgement of a gradient for which only one row of the batch was taken; None where that is not so."""
    operation, trace, m = lane.operations[index], lane.trace, len(lane.trace.indices)
    if operation.kind not in (OperationKind.WEIGHT_GRADIENT, OperationKind.BIAS_GRADIENT) or m == 1:
        return None
    delta = float(trace.delta[operation.layer - 1][row, entry[0]])
    own = delta * float(trace.z[operation.layer - 1][row, entry[1]]) if len(entry) == 2 else delta
    if not own or abs(number - own) > TYPED * abs(own):
        return None
    words = MISTAKES["one-sample"].said(operation.layer, m, {"sample": trace.indices[row]})
    return Judgement(False, (Mistaken("one-sample", words),), words, entry)


def index_in_theta(lane: LaneFrame, index: int, entry: Entry) -> int:
    """Which entry of θ an entry of a gradient or of an update is."""
    if lane.is_function:
        return entry[0]
    return lane.network.layers[lane.operations[index].layer - 1].index(*entry)
