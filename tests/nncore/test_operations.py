"""The operations of a step: the algorithm's lines, in its order."""

import numpy as np
import pytest

from nncore.operations import Operation, OperationKind, Phase, operations
from nncore.optimizers import Sgd
from nncore.trace import first_overflow, trace
from nncore.training import Settings, State, Trainer

THREE_LAYERS = """
BATCH batch 0
FORWARD a 1, FORWARD z 1, FORWARD a 2, FORWARD z 2, FORWARD a 3, FORWARD z 3
LOSS loss 3
BACKWARD δ at the output 3, BACKWARD ∂W 3, BACKWARD ∂b 3, BACKWARD δ 2, BACKWARD ∂W 2, BACKWARD ∂b 2
BACKWARD δ 1, BACKWARD ∂W 1, BACKWARD ∂b 1
UPDATE update 1, UPDATE update 2, UPDATE update 3
"""


def written(operation: Operation) -> str:
    return f"{operation.phase} {operation.kind} {operation.layer}"


def test_the_order_of_a_network_of_three_layers(make_model):
    expected = [line for row in THREE_LAYERS.strip().splitlines() for line in row.split(", ")]
    assert [written(one) for one in operations(make_model(sizes=(2, 3, 3, 1)))] == expected


@pytest.mark.parametrize("depth", [1, 2, 5, 9])
def test_there_are_6_a_layer_and_2(make_model, depth):
    found = operations(make_model(sizes=(2,) * (depth + 1)))
    assert len(found) == len(set(found)) == 6 * depth + 2
    phases = [one.phase for one in found]
    assert phases == sorted(phases, key=list(Phase).index)


def test_a_function_has_5(make_saddle):
    kinds = [one.kind for one in operations(make_saddle().model)]
    assert kinds == [
        OperationKind.BATCH,
        OperationKind.VALUE,
        OperationKind.LOSS,
        OperationKind.GRADIENT,
        OperationKind.UPDATE,
    ]


def test_the_results_of_updates_are_the_next_theta(make_lane):
    lane = make_lane(sizes=(2, 3, 2, 1))
    seen = trace(lane, lane.first_state())
    updates = [one for one in operations(lane.model) if one.phase is Phase.UPDATE]
    parts = [seen.result(one, lane.model.blocks[one.layer - 1]) for one in updates]
    assert np.concatenate(parts).tobytes() == seen.after.tobytes()


def test_the_first_operation_that_overflows_is_told(make_lane):
    lane = make_lane(sizes=(1, 1, 1), activation="linear", samples=1, settings=Settings(Sgd(0.1)))
    healthy = lane.first_state()
    assert first_overflow(lane, trace(lane, healthy)) is None

    def overflow(*theta: float) -> str:
        trainer = Trainer(
            lane, State(np.array(theta), healthy.optimizer_state, 0, 0, healthy.place, 0, healthy.diverged_at)
        )
        trainer.run(1)
        assert trainer.diverged_at == 1
        found = first_overflow(lane, trace(lane, trainer.state()))
        assert found is not None
        return written(found)

    assert overflow(0.0, 1e200, 1e200, 0.0) == "FORWARD a 2"
    assert overflow(0.0, 1e200, 1.0, 0.0) == "LOSS loss 2"
    assert overflow(0.0, 1e150, 1e100, 0.0) == "LOSS loss 2"
