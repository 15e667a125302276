"""Wrong ways through the backward pass: error signals, gradients of weights and of biases."""

from __future__ import annotations

import numpy as np

from nncore.mistakes.catalogue import Wrongs, wrong
from nncore.mistakes.step_values import StepValues, derived
from nncore.mistakes.terms import Terms


def delta(s: StepValues) -> Terms:
    """δ_d: what comes back from above, through σ′(a_d)."""
    before = s.signal_before()
    return before.through(s.derivative) if s.squashed else before


def _no_derivative(s: StepValues) -> Wrongs:
    if s.squashed:
        yield wrong(s.signal_before())


def _derivative_of_z(s: StepValues) -> Wrongs:
    if s.squashed:
        z, sigma = s.z(s.d), s.activation(s.d)
        again = np.empty_like(z)
        sigma.value(z, again)
        yield wrong(s.signal_before().through(derived(sigma, z, again)))


def _derivative_of_a(s: StepValues) -> Wrongs:
    sigma = s.activation(s.d)
    if s.squashed and "z" in sigma.derivative_formula.replace("ᶻ", "z"):
        a = s.a(s.d)
        yield wrong(s.signal_before().through(derived(sigma, a, a)), formula=f"σ′ = {sigma.derivative_formula}")


def _derivative_of_other_layer(s: StepValues) -> Wrongs:
    if not s.squashed:
        return
    for k in s.others():
        sigma = s.activation(k)
        if sigma.name in ("linear", "softmax"):
            continue
        z = np.empty_like(s.a(s.d))
        sigma.value(s.a(s.d), z)
        yield wrong(s.signal_before().through(derived(sigma, s.a(s.d), z)), k=k)
        if s.a(k).shape == s.a(s.d).shape:
            yield wrong(s.signal_before().through(derived(sigma, s.a(k), s.z(k))), k=k)


def _back_through(s: StepValues, w: np.ndarray) -> Terms:
    """δ_d with another matrix in place of W_{d+1}."""
    back = Terms.of(s.delta(s.d + 1)) @ w
    return back.through(s.derivative) if s.squashed else back


def _weights_of_other_layer(s: StepValues) -> Wrongs:
    if s.d < s.depth:
        for k in range(1, s.depth + 1):
            if k != s.d + 1 and s.w(k).shape == s.w(s.d + 1).shape:
                yield wrong(_back_through(s, s.w(k)), k=k)


def _weights_transposed(s: StepValues) -> Wrongs:
    if s.d < s.depth:
        w = s.w(s.d + 1)
        if w.shape[0] == w.shape[1]:
            yield wrong(_back_through(s, w.T), k=s.d + 1, right="back through it, each unit takes a column")


def _updated_weights(s: StepValues) -> Wrongs:
    if s.after is not None and s.d < s.depth:
        yield wrong(_back_through(s, s.model.network.split(s.after)[s.d][0]))


def _delta_sign(s: StepValues) -> Wrongs:
    if s.d == s.depth:
        yield wrong(delta(s) * -1.0)


def _delta_no_mean(s: StepValues) -> Wrongs:
    if s.averaged:
        yield wrong(delta(s) * s.m)


def _delta_mean_twice(s: StepValues) -> Wrongs:
    if s.averaged:
        yield wrong(delta(s) * (1.0 / s.m))


def _no_target(s: StepValues) -> Wrongs:
    if s.d == s.depth:
        output = s.loss_derivative(np.zeros_like(s.trace.targets)) * s.scale
        yield wrong(output.through(s.derivative) if s.squashed else output)


def weight_gradient(s: StepValues) -> Terms:
    """δ_dᵀ z_{d−1}, with penalties."""
    return _penalized(s, s.data_gradient())


def _penalized(s: StepValues, gradient: Terms) -> Terms:
    penalty = s.penalty_gradient(s.w(s.d))
    return gradient + penalty


def _gradient_transposed(s: StepValues) -> Wrongs:
    yield wrong(weight_gradient(s).T)
    if s.penalized and s.layer.fan_in == s.layer.fan_out:
        yield wrong(_penalized(s, s.data_gradient().T))


def _input_of_other_layer(s: StepValues) -> Wrongs:
    for k in range(s.depth + 1):
        if k not in (s.d - 1, s.d) and s.z(k).shape == s.z(s.d - 1).shape:
            yield wrong(_penalized(s, Terms.of(s.delta(s.d).T) @ s.z(k)), k=k)


def _own_output(s: StepValues) -> Wrongs:
    gradient = Terms.of(s.delta(s.d).T) @ s.z(s.d)
    yield wrong(_penalized(s, gradient) if s.layer.fan_in == s.layer.fan_out else gradient)


def _one_sample_of_weights(s: StepValues) -> Wrongs:
    factors = (1.0, s.m) if s.averaged else (1.0,)
    for i in s.samples:
        for factor in factors:
            product = np.outer(s.delta(s.d)[i], s.z(s.d - 1)[i]) * factor
            yield wrong(_penalized(s, Terms.of(product)), sample=i)


def _weight_gradient_without_penalty(s: StepValues) -> Wrongs:
    if s.penalized:
        settings = s.trace.settings
        parts = ("l2·W" if settings.l2 else "", "l1·sign(W)" if settings.l1 else "")
        yield wrong(s.data_gradient(), penalty=" + ".join(part for part in parts if part))


def _weight_gradient_no_mean(s: StepValues) -> Wrongs:
    if s.averaged:
        yield wrong(_penalized(s, s.data_gradient() * s.m))


def _weight_gradient_mean_twice(s: StepValues) -> Wrongs:
    if s.averaged:
        yield wrong(_penalized(s, s.data_gradient() * (1.0 / s.m)))


def bias_gradient(s: StepValues) -> Terms:
    """Σ over the samples of δ_d."""
    return Terms.of(s.delta(s.d)).sum(0)


def _one_sample_of_biases(s: StepValues) -> Wrongs:
    factors = (1.0, s.m) if s.averaged else (1.0,)
    for i in s.samples:
        for factor in factors:
            yield wrong(Terms.of(s.delta(s.d)[i] * factor), sample=i)


def _bias_not_summed(s: StepValues) -> Wrongs:
    yield wrong(Terms.of(s.delta(s.d)))
    for i in s.samples:
        yield wrong(Terms.of(s.delta(s.d)[i]))


def _bias_mean(s: StepValues) -> Wrongs:
    yield wrong(bias_gradient(s) * (1.0 / s.m))


def _bias_no_mean(s: StepValues) -> Wrongs:
    if s.averaged:
        yield wrong(bias_gradient(s) * s.m)


def _bias_one_sum(s: StepValues) -> Wrongs:
    total, ones = bias_gradient(s).sum(), np.ones(s.layer.fan_out)
    yield wrong(total * ones)


def _bias_from_weights(s: StepValues) -> Wrongs:
    yield wrong(s.data_gradient().sum(1))
    if s.penalized:
        yield wrong(weight_gradient(s).sum(1))


def _penalty_on_biases(s: StepValues) -> Wrongs:
    if s.penalized:
        yield wrong(bias_gradient(s) + s.penalty_gradient(s.b(s.d)))


WRONG_DELTAS = {
    "no-derivative": _no_derivative,
    "derivative-of-z": _derivative_of_z,
    "derivative-of-a": _derivative_of_a,
    "derivative-of-other-layer": _derivative_of_other_layer,
    "weights-of-other-layer": _weights_of_other_layer,
    "weights-transposed": _weights_transposed,
    "updated-weights": _updated_weights,
    "delta-sign": _delta_sign,
    "no-mean": _delta_no_mean,
    "mean-twice": _delta_mean_twice,
    "no-target": _no_target,
}
WRONG_WEIGHT_GRADIENTS = {
    "gradient-transposed": _gradient_transposed,
    "input-of-other-layer": _input_of_other_layer,
    "own-output": _own_output,
    "one-sample": _one_sample_of_weights,
    "penalty-missing": _weight_gradient_without_penalty,
    "no-mean": _weight_gradient_no_mean,
    "mean-twice": _weight_gradient_mean_twice,
}
WRONG_BIAS_GRADIENTS = {
    "one-sample": _one_sample_of_biases,
    "bias-not-summed": _bias_not_summed,
    "bias-mean": _bias_mean,
    "no-mean": _bias_no_mean,
    "bias-one-sum": _bias_one_sum,
    "bias-from-weights": _bias_from_weights,
    "penalty-on-biases": _penalty_on_biases,
}
