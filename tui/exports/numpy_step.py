"""A step's forward and backward pass as a NumPy file: its numbers as arrays, and lines that compute them again."""

from __future__ import annotations

import re

from tui.exports.numpy_function import array, function
from tui.session.frame import LaneFrame

_CALLS = {"max": "np.maximum", "min": "np.minimum", "sign": "np.sign"}


def numpy_step(scenario: str, lane: LaneFrame) -> str:
    """A Python file of a network's step that computes every number of it anew and compares it with those of gradstep.

    σ′ stands in it as numbers. Without the update.
    """
    trace, network = lane.trace, lane.network.network
    layers = list(range(1, network.depth + 1))
    given = [("z0", trace.z[0]), ("y", trace.targets)]
    for d, (w, b) in zip(layers, network.split(trace.theta), strict=True):
        given += [(f"W{d}", w), (f"b{d}", b)]
    given += [(f"slope{d}", trace.derivative[d - 1]) for d in layers]
    known = [(f"a{d}", trace.a[d - 1]) for d in layers] + [(f"z{d}", trace.z[d]) for d in layers]
    known += [(f"delta{d}", trace.delta[d - 1]) for d in layers]
    for d, (dw, db) in zip(layers, network.split(trace.gradient), strict=True):
        known += [(f"dW{d}", dw), (f"db{d}", db)]
    names = dict.fromkeys(name for name in network.activations if name != "linear")
    functions = "".join(f"{function(name)}\n\n\n" for name in names)
    batch = ", ".join(map(str, trace.indices.tolist()))
    return f'''"""Step {trace.step + 1} of {lane.lane.label} in {scenario}.

Rows are samples; the batch is {batch}.
"""

import numpy as np


{functions}# the batch, the parameters before the step, and slope = σ′(a)
{"".join(array(name, values) for name, values in given)}
# forward: a = z Wᵀ + b, z = σ(a)
{_forward(network.activations)}
# backward: δ, then ∂W = δᵀ z of the layer below and ∂b = Σ δ
{_backward(lane)}
# what gradstep has
known = {{}}
{"".join(array(f'known["{name}"]', values) for name, values in known)}
for name, values in known.items():
    np.testing.assert_allclose(globals()[name], values, rtol=1e-9, atol=1e-12, err_msg=name)
print("all", len(known), "arrays agree")
'''


def _forward(activations: tuple[str, ...]) -> str:
    lines = []
    for d, name in enumerate(activations, 1):
        lines.append(f"a{d} = z{d - 1} @ W{d}.T + b{d}")
        lines.append(f"z{d} = a{d}" if name == "linear" else f"z{d} = {name}(a{d})")
    return "".join(f"{line}\n" for line in lines)


def _backward(lane: LaneFrame) -> str:
    model, trace = lane.network, lane.trace
    last = model.network.depth
    error = model.loss.derivative_terms.format(z=f"z{last}", y="y")
    error = re.sub(r"\b(max|min|sign)\(", lambda call: f"{_CALLS[call[1]]}(", error)
    mean = f" / {len(trace.indices)}" if model.reduction == "mean" else ""
    slope = "" if model.loss.from_logits else f" * slope{last}"
    lines = [f"delta{last} = {error}{mean}{slope}"]
    for d in range(last, 0, -1):
        lines += [f"dW{d} = delta{d}.T @ z{d - 1}{_penalties(lane, d)}", f"db{d} = delta{d}.sum(axis=0)"]
        if d in trace.settings.frozen:
            lines += [f"dW{d}, db{d} = 0 * dW{d}, 0 * db{d}  # frozen"]
        if d > 1:
            lines.append(f"delta{d - 1} = (delta{d} @ W{d}) * slope{d - 1}")
    return "".join(f"{line}\n" for line in lines)


def _penalties(lane: LaneFrame, d: int) -> str:
    """What penalties add to a weight gradient."""
    settings = lane.trace.settings
    l2 = f" + {settings.l2!r} * W{d}" if settings.l2 else ""
    return l2 + (f" + {settings.l1!r} * np.sign(W{d})" if settings.l1 else "")
