"""Wrong ways to make an update from a gradient; each is judged by the change, not by the new value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nncore.arrays import Array
from nncore.mistakes.catalogue import Wrongs, wrong
from nncore.mistakes.step_values import UpdateValues
from nncore.mistakes.terms import Terms
from nncore.optimizers import Adam, Optimizer, Sgd


def update(u: UpdateValues) -> Terms:
    """θ − change."""
    return u.less(u.change())


def _uphill(u: UpdateValues) -> Wrongs:
    yield wrong(u.less(u.change() * -1.0))


def _no_learning_rate(u: UpdateValues) -> Wrongs:
    yield wrong(u.less(u.change(rate=1.0)))


def _gradient_of_other_layer(u: UpdateValues) -> Wrongs:
    for k, gradient in u.neighbours.items():
        yield wrong(u.less(u.change(gradient)), k=k)


def _previous_gradient(u: UpdateValues) -> Wrongs:
    if u.previous is not None:
        yield wrong(u.less(u.change(u.previous)))


def _momentum(u: UpdateValues) -> Sgd | None:
    """The optimizer, if it is gradient descent with momentum."""
    return u.optimizer if isinstance(u.optimizer, Sgd) and u.optimizer.momentum else None


def _dampening(u: UpdateValues) -> Wrongs:
    sgd = _momentum(u)
    if sgd:
        damped = (1.0 - sgd.momentum) * u.gradient
        yield wrong(u.less(u.change(damped)))
        if sgd.nesterov:
            plain = Terms.of(u.gradient) + sgd.momentum * (sgd.momentum * u.state[0] + damped)
            yield wrong(u.less(plain * u.rate))


def _velocity_lost(u: UpdateValues) -> Wrongs:
    if _momentum(u):
        yield wrong(u.less(u.change(state=np.zeros_like(u.state))))
        yield wrong(u.less(Terms.of(u.gradient) * u.rate))


def _no_look_ahead(u: UpdateValues) -> Wrongs:
    sgd = _momentum(u)
    if sgd and sgd.nesterov:
        yield wrong(u.less(u.change(optimizer=replace(sgd, nesterov=False))))


def _averages(u: UpdateValues, adam: Adam) -> tuple[Terms, Array]:
    """Adam's new averages m, with the sizes of their terms, and v, their bias not corrected."""
    _, (mean, squares) = adam.update(u.gradient, u.state, u.rate, u.count)
    _, (size, _) = adam.update(np.abs(u.gradient), np.abs(u.state), u.rate, u.count)
    return Terms(mean, size), squares


def _no_bias_correction(u: UpdateValues) -> Wrongs:
    if isinstance(u.optimizer, Adam):
        mean, squares = _averages(u, u.optimizer)
        yield wrong(u.less(mean * (u.rate / (np.sqrt(squares) + u.optimizer.eps))))


def _step_from_zero(u: UpdateValues) -> Wrongs:
    if isinstance(u.optimizer, Adam):
        mean, squares = _averages(u, u.optimizer)
        beta1, beta2 = (np.float64(beta) for beta in u.optimizer.betas)
        root = np.sqrt(squares / (1.0 - beta2**u.count)) + u.optimizer.eps
        yield wrong(u.less(mean * (u.rate / (1.0 - beta1**u.count) / root)))


def _adam_inside(u: UpdateValues, optimizer: Optimizer, eps: float, new_state: Array) -> Terms:
    made = optimizer.intermediate(new_state, u.count)
    return Terms.of(made["m′"]) * (u.rate / np.sqrt(made["v′"] + eps))


def _epsilon_inside_root(u: UpdateValues) -> Wrongs:
    eps = getattr(u.optimizer, "eps", None)
    if eps is None:
        return
    _, new_state = u.optimizer.update(u.gradient, u.state, u.rate, u.count)
    if isinstance(u.optimizer, Adam):
        yield wrong(u.less(_adam_inside(u, u.optimizer, eps, new_state)))
    else:
        yield wrong(u.less(Terms.of(u.gradient) * (u.rate / np.sqrt(new_state[0] + eps))))


def _decay(u: UpdateValues) -> Array:
    """l2·W, as far as these entries have it in their gradient."""
    return u.l2 * u.theta if u.weights else np.zeros_like(u.theta)


def _decay_coupled(u: UpdateValues) -> Wrongs:
    yield wrong(u.less(u.change(u.gradient + _decay(u))))


def _decay_decoupled(u: UpdateValues) -> Wrongs:
    decay = _decay(u)
    yield wrong(u.less(u.change(u.gradient - decay) + u.rate * decay))
    yield wrong(u.less(u.change() + u.rate * decay))


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
