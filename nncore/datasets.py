"""Data with a training and a test part: drawn from a distribution, from a function, or given as points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from nncore.arrays import Array
from nncore.kinds import Distribution, Domain, TargetFunction
from nncore.rng import generator


@dataclass(frozen=True)
class Names:
    """What the inputs, the outputs and the classes 0, 1, … of data are called; empty where they have no names."""

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Data:
    """Samples to train and test on, and what is known about where they come from.

    x (…, n, d) and y (…, n, k); x_test and y_test likewise, with n = 0 if there is no test part.
    `labels` are the two values that y takes, for labelled two-class data; `classes` is the number of
    classes if y (k = 1) holds class numbers from 0. `domain` has the lowest and highest value of each
    input that pictures show. `target` is the function behind the data, without noise. `mean` and
    `deviation` (d,) tell how the inputs have been standardized, if they have, `y_mean` and `y_deviation` (k,) how the
    outputs have. `names` are those of a file.
    """

    x: Array
    y: Array
    x_test: Array
    y_test: Array
    domain: Domain
    labels: tuple[float, float] | None = None
    classes: int | None = None
    target: TargetFunction | None = None
    mean: Array | None = None
    deviation: Array | None = None
    y_mean: Array | None = None
    y_deviation: Array | None = None
    names: Names = Names()


def make(
    distribution: Distribution,
    samples: int,
    test_samples: int = 0,
    noise: float = 0.0,
    labels: tuple[float, float] | None = None,
    seed: int = 0,
) -> Data:
    """Draw data of a distribution.

    `noise` is the standard deviation of what is added in the training part: to the inputs of
    labelled ones, to y of others. `labels` are written for the two classes, (0, 1) if None. The
    training part does not depend on the number of test samples. Raises ValueError for labels on a
    distribution without two classes.
    """
    if labels is not None and distribution.classes != 2:
        raise ValueError(f"labels need a kind with two classes, {distribution} has {distribution.classes or 'none'}")
    x, y = distribution.draw(generator(seed, "data"), samples)
    x_test, y_test = distribution.draw(generator(seed, "test"), test_samples)
    if distribution.classes is None:
        y = _noisy(y, noise, seed)
    else:
        x = _noisy(x, noise, seed)
    data = Data(x, y, x_test, y_test, distribution.domain, classes=distribution.classes, target=distribution.target)
    return _labelled(data, labels or (0.0, 1.0)) if distribution.classes == 2 else data


def from_function(
    function: TargetFunction,
    domain: Domain,
    sampling: Literal["grid", "random"],
    samples: int,
    test_samples: int = 0,
    noise: float = 0.0,
    seed: int = 0,
) -> Data:
    """Draw data from a function of x (…, n, d) with values (…, n, k).

    The training part lies on a grid over the domain, ends included, or at random in it, and the test
    part at random. `noise` is the standard deviation of what is added to y in the training part.
    Raises ValueError if a grid of d inputs cannot have as many samples.
    """
    if sampling == "grid":
        x = _grid(domain, samples)
    else:
        x = _uniform(generator(seed, "data"), domain, samples)
    x_test = _uniform(generator(seed, "test"), domain, test_samples)
    y = _noisy(function(x), noise, seed)
    return Data(x, y, x_test, function(x_test), domain, target=function)


def from_points(
    x: Array,
    y: Array,
    test_fraction: float = 0.0,
    x_test: Array | None = None,
    y_test: Array | None = None,
    seed: int = 0,
) -> Data:
    """Make data of given points, x (n, d) and y (n, k), in their order.

    The test part is given as well, or is a share of the points, drawn at random. Raises ValueError
    for a share that leaves no training part.
    """
    if x_test is None or y_test is None:
        held_out = round(test_fraction * len(x))
        if held_out >= len(x):
            raise ValueError(f"a test_fraction of {test_fraction} leaves no training sample of {len(x)}")
        order = generator(seed, "split").permutation(len(x))
        test, train = np.sort(order[:held_out]), np.sort(order[held_out:])
        x, y, x_test, y_test = x[train], y[train], x[test], y[test]
    return Data(x, y, x_test, y_test, _hull(np.concatenate([x, x_test])))


def standardize(data: Data) -> Data:
    """Shift and scale the inputs (n, d) to mean 0 and deviation 1 over the training part.

    A constant input is only shifted. Domain and target are those of the new inputs.
    """
    mean, deviation = _scaling(data.x)
    return replace(
        data,
        x=(data.x - mean) / deviation,
        x_test=(data.x_test - mean) / deviation,
        domain=_domain(*((np.transpose(data.domain) - mean) / deviation)),
        target=_composed(data.target, lambda x: x * deviation + mean) if data.target else None,
        mean=mean,
        deviation=deviation,
    )


def standardize_outputs(data: Data) -> Data:
    """Shift and scale the outputs (n, k), which are no labels, as `standardize` does the inputs."""
    mean, deviation = _scaling(data.y)

    def scaled(y: Array) -> Array:
        return (y - mean) / deviation

    return replace(
        data,
        y=scaled(data.y),
        y_test=scaled(data.y_test),
        target=_composed(scaled, data.target) if data.target else None,
        y_mean=mean,
        y_deviation=deviation,
    )


def _scaling(values: Array) -> tuple[Array, Array]:
    """Mean and deviation of each column; 1 in place of the deviation of a constant one."""
    constant = values.min(axis=0) == values.max(axis=0)
    return values.mean(axis=0), np.where(constant, 1.0, values.std(axis=0))


def _noisy(values: Array, noise: float, seed: int) -> Array:
    return values + generator(seed, "noise").normal(0.0, noise, values.shape) if noise else values


def _labelled(data: Data, labels: tuple[float, float]) -> Data:
    """Write the two labels for the class numbers 0 and 1."""
    low, high = float(labels[0]), float(labels[1])  # whole numbers would make y an integer array
    if (low, high) == (0.0, 1.0):
        return replace(data, labels=(low, high))

    def relabel(y: Array) -> Array:
        return np.where(y == 1.0, high, low)

    return replace(
        data,
        y=relabel(data.y),
        y_test=relabel(data.y_test),
        labels=(low, high),
        classes=None,
        target=_composed(relabel, data.target) if data.target else None,
    )


def _composed(outer: TargetFunction, inner: TargetFunction) -> TargetFunction:
    return lambda x: outer(inner(x))


def _uniform(rng: np.random.Generator, domain: Domain, n: int) -> Array:
    low, high = np.transpose(domain)
    return rng.uniform(low, high, (n, len(domain)))


def _grid(domain: Domain, n: int) -> Array:
    side = round(n ** (1.0 / len(domain)))
    if side ** len(domain) != n:
        raise ValueError(f"a grid over {len(domain)} inputs has {side ** len(domain)} samples ({side} a side), not {n}")
    axes = [np.linspace(low, high, side) for low, high in domain]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(n, len(domain))


def _domain(low: Array, high: Array) -> Domain:
    return tuple(zip(low.tolist(), high.tolist(), strict=True))


def _hull(x: Array) -> Domain:
    """The range of each input, one unit to either side of an input that is constant."""
    low, high = x.min(axis=0), x.max(axis=0)
    margin = np.where(low == high, 1.0, 0.0)
    return _domain(low - margin, high + margin)
