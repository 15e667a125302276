"""The update and the wrong ways to make it from a gradient; each is judged by the change, not by the new value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nncore.arrays import Array
from nncore.mistakes.catalogue import Wrongs, wrong
from nncore.mistakes.terms import Terms
from nncore.mistakes.update_values import UpdateValues
from nncore.optimizers import Adam, Sgd


def update(u: UpdateValues) -> Terms:
    """θ − change."""
    return u.less(u.change())


def _uphill(u: UpdateValues) -> Wrongs:
    yield wrong(u.less(u.change() * -1.0))


def _no_learning_rate(u: UpdateValues) -> Wrongs:
    yield wrong(u.less(u.change(rate=1.0)), u.rate)


def _gradient_of_other_layer(u: UpdateValues) -> Wrongs:
    for k, gradient in u.neighbours.items():
        yield wrong(u.less(u.change(gradient)), u.gradient, k=k)


def _previous_gradient(u: UpdateValues) -> Wrongs:
    if u.previous is not None:
        yield wrong(u.less(u.change(u.previous)), u.gradient)


def _momentum(u: UpdateValues) -> Sgd | None:
    """The optimizer, if it is gradient descent with momentum."""
    return u.optimizer if isinstance(u.optimizer, Sgd) and u.optimizer.momentum else None


def _dampening(u: UpdateValues) -> Wrongs:
    sgd = _momentum(u)
    if sgd:
        share = 1.0 - sgd.momentum
        yield wrong(u.less(u.change(share * u.gradient)))
        yield wrong(u.less(u.change() * share))
        if sgd.nesterov:
            velocity = Terms.of(sgd.momentum * u.state[0]) + share * u.gradient
            yield wrong(u.less((velocity * sgd.momentum + u.gradient) * u.rate))


def _velocity_lost(u: UpdateValues) -> Wrongs:
    remembered = u.optimizer.rule(u.count).state
    if remembered:
        shown = u.state[0] if len(remembered) == 1 else None
        yield wrong(u.less(u.change(state=np.zeros_like(u.state))), shown, what=" and ".join(remembered))
    if _momentum(u):
        yield wrong(u.less(Terms.of(u.gradient) * u.rate), u.state[0], what="v")


def _no_look_ahead(u: UpdateValues) -> Wrongs:
    sgd = _momentum(u)
    if sgd and sgd.nesterov:
        velocity = sgd.momentum * u.state[0] + u.gradient
        yield wrong(u.less(u.change(optimizer=replace(sgd, nesterov=False))), velocity)


def _adam(u: UpdateValues, mean_bias: Array | float, squares_bias: Array | float, eps: float) -> Terms:
    """Adam's change with averages that are divided by these biases, as it is for 1 − βᵗ, and `eps` beside the root."""
    _, (mean, squares) = u.optimizer.update(u.gradient, u.state, u.rate, u.count)
    _, (size, _) = u.optimizer.update(np.abs(u.gradient), np.abs(u.state), u.rate, u.count)
    return Terms(mean, size) * (u.rate / mean_bias / (np.sqrt(squares / squares_bias) + eps))


def _no_bias_correction(u: UpdateValues) -> Wrongs:
    if isinstance(u.optimizer, Adam):
        eps = u.optimizer.eps
        mean, squares = (1.0 - beta ** (u.count + 1) for beta in u.optimizer.betas)
        yield wrong(u.less(_adam(u, 1.0, 1.0, eps)), what="m and v")
        yield wrong(u.less(_adam(u, 1.0, squares, eps)), what="m")
        yield wrong(u.less(_adam(u, mean, 1.0, eps)), what="v")


def _step_from_zero(u: UpdateValues) -> Wrongs:
    if isinstance(u.optimizer, Adam):
        eps, t = u.optimizer.eps, u.count + 1
        mean, squares = (np.float64(1.0 - beta**t) for beta in u.optimizer.betas)
        late_mean, late_squares = (np.float64(1.0 - beta**u.count) for beta in u.optimizer.betas)
        yield wrong(u.less(_adam(u, late_mean, late_squares, eps)), t=t, where="")
        yield wrong(u.less(_adam(u, late_mean, squares, eps)), t=t, where=" of m")
        yield wrong(u.less(_adam(u, mean, late_squares, eps)), t=t, where=" of v")


def _epsilon_inside_root(u: UpdateValues) -> Wrongs:
    eps = getattr(u.optimizer, "eps", None)
    if eps is not None:
        _, state = u.optimizer.update(u.gradient, u.state, u.rate, u.count)
        made = u.optimizer.intermediate(state, u.count)
        above, squares = made.get("m′", u.gradient), made.get("v′", state[0])
        yield wrong(u.less(Terms.of(above) * (u.rate / np.sqrt(squares + eps))))


def _decay_coupled(u: UpdateValues) -> Wrongs:
    decay = u.l2 * u.theta
    yield wrong(u.less(u.change(u.gradient + decay)), decay)


def _decay_decoupled(u: UpdateValues) -> Wrongs:
    decay = u.l2 * u.theta
    yield wrong(u.less(u.change(u.gradient - decay) + u.rate * decay), decay)
    yield wrong(u.less(u.change() + u.rate * decay), decay)


WRONG_UPDATES = {
    "uphill": _uphill,
    "no-learning-rate": _no_learning_rate,
    "gradient-of-other-layer": _gradient_of_other_layer,
    "dampening": _dampening,
    "velocity-lost": _velocity_lost,
    "no-look-ahead": _no_look_ahead,
    "no-bias-correction": _no_bias_correction,
    "step-from-zero": _step_from_zero,
    "epsilon-inside-root": _epsilon_inside_root,
    "decay-coupled": _decay_coupled,
    "decay-decoupled": _decay_decoupled,
    "previous-gradient": _previous_gradient,
}
