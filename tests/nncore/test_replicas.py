"""Replicas on a leading axis: each is bit for bit the run it would have been alone."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nncore.metrics import evaluate
from nncore.optimizers import AdaGrad, Adam, RmsProp, Sgd
from nncore.rng import generator
from nncore.training import Settings, Trainer

OPTIMIZERS = [
    Sgd(0.05),
    Sgd(0.05, momentum=0.9),
    Sgd(0.05, 0.9, True),
    RmsProp(0.01),
    AdaGrad(0.1),
    Adam(0.01),
]
LOSSES = ["squared", "absolute", "huber", "logistic", "softmax_cross_entropy"]
ACTIVATIONS = ["relu", "leaky_relu", "tanh", "sigmoid", "softplus", "sine", "linear"]


def alone(stack, number):
    """The lane of one replica."""
    return replace(
        stack, model=stack.model.replica(number), start=stack.start[number], seeds=stack.seeds[number : number + 1]
    )


def stacked(make_lane, replicas, seed, **how):
    one = make_lane(**{**how, "copies": 0})
    model = make_lane(**how).model
    starts = 0.6 * generator(seed, "starts").standard_normal((replicas, one.start.size))
    return replace(one, model=model, start=starts, seeds=tuple(range(seed, seed + replicas)))


@given(
    sizes=st.lists(st.integers(1, 9), min_size=2, max_size=5),
    replicas=st.integers(1, 5),
    own_data=st.booleans(),
    samples=st.integers(1, 40),
    batch_size=st.integers(0, 40),
    optimizer=st.sampled_from(OPTIMIZERS),
    loss=st.sampled_from(LOSSES),
    activation=st.sampled_from(ACTIVATIONS),
    penalties=st.sampled_from([(0.0, 0.0), (0.01, 0.1)]),
    frozen=st.sampled_from([frozenset(), frozenset({1})]),
)
def test_a_replica_is_its_single_run(
    make_lane, sizes, replicas, own_data, samples, batch_size, optimizer, loss, activation, penalties, frozen
):
    l1, l2 = penalties
    stack = stacked(
        make_lane,
        replicas,
        seed=3,
        settings=Settings(optimizer, batch_size=batch_size, l1=l1, l2=l2, frozen=frozen),
        sizes=sizes,
        samples=samples,
        loss=loss,
        activation=activation,
        copies=replicas if own_data else 0,
    )
    together = Trainer(stack)
    reported, state = together.run(6), together.state()
    measured = evaluate(stack, state)
    for number in range(replicas):
        single = Trainer(alone(stack, number))
        steps, own = single.run(6), single.state()
        assert state.theta[number].tobytes() == own.theta.tobytes()
        assert state.optimizer_state[:, number].tobytes() == own.optimizer_state.tobytes()
        made = len(steps.rates)  # fewer where the replica diverged, from where on the stack reports NaN
        assert reported.batch_loss[:made, number].tobytes() == steps.batch_loss.tobytes()
        assert reported.norms[:made, number].tobytes() == steps.norms.tobytes()
        assert np.isnan(reported.batch_loss[made:, number]).all()
        apart = evaluate(alone(stack, number), own)
        for name in ("train_loss", "test_loss", "train_accuracy", "test_accuracy"):
            mine, theirs = getattr(measured, name)[number], getattr(apart, name)
            assert np.array(mine).tobytes() == np.array(theirs).tobytes(), name


@given(replicas=st.integers(1, 5), steps=st.integers(0, 600), noise=st.sampled_from([0.0, 0.1]))
def test_replicas_of_a_function_have_noise_of_their_own(make_saddle, replicas, steps, noise):
    one = make_saddle(noise=noise)
    stack = replace(one, start=np.tile(one.start, (replicas, 1)), seeds=tuple(range(replicas)))
    together = Trainer(stack)
    together.run(steps)
    for number in range(replicas):
        single = Trainer(alone(stack, number))
        single.run(steps)
        assert together.state().theta[number].tobytes() == single.state().theta.tobytes()


def test_chunks_of_a_stack_change_no_bit(make_model, monkeypatch):
    model = make_model(samples=30)
    thetas = generator(1, "points").standard_normal((50, model.parameter_count))
    whole = model.train_loss(thetas)
    monkeypatch.setattr("nncore.arrays.STACK_BYTES", 8 * 30 * 14 * 3)
    assert model.train_loss(thetas).tobytes() == whole.tobytes()
    assert whole.tobytes() == b"".join(model.train_loss(theta).tobytes() for theta in thetas)
