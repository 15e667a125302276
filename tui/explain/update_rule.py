"""The optimizer's rule for one entry of θ, in symbols and in numbers that can be computed again."""

from __future__ import annotations

from nncore.optimizers import AdaGrad, Adam, RmsProp, Sgd
from nncore.trace import Trace
from tui.render.numbers import bracketed, num


def update_rule(trace: Trace, symbol: str, at: int) -> tuple[str, str]:
    """The rule for a vector called `symbol`, and what it makes of entry `at`, up to the equals sign."""
    optimizer, rate, before = trace.settings.optimizer, num(trace.learning_rate), num(trace.theta[at])
    gradient, alpha = bracketed(trace.gradient[at]), f"α = {rate}"
    if _still(trace, at):
        return f"{symbol} ← {symbol}: its layer is frozen", before
    match optimizer:
        case Sgd(momentum=0.0):
            return f"{symbol} ← {symbol} − α g, g = ∂L/∂{symbol}, {alpha}", f"{before} − {rate}·{gradient}"
        case Sgd(momentum=mu):
            velocity = trace.memory[0, at]
            old = bracketed((velocity - trace.gradient[at]) / mu)
            moved = f"{num(mu)}·{old} + {gradient}"
            if optimizer.nesterov:
                formula = f"{symbol} ← {symbol} − α(g + μ v), v ← μ v + g, g = ∂L/∂{symbol}, {alpha}"
                return formula, f"{before} − {rate}·({gradient} + {num(mu)}·({moved}))"
            return f"{symbol} ← {symbol} − α v, v ← μ v + g, g = ∂L/∂{symbol}, {alpha}", f"{before} − {rate}·({moved})"
        case RmsProp() | AdaGrad():
            mean = "average" if isinstance(optimizer, RmsProp) else "sum"
            formula = f"{symbol} ← {symbol} − α g/(√s + ε), s the {mean} of g², g = ∂L/∂{symbol}, {alpha}"
            return formula, f"{before} − {rate}·{gradient}/√{num(trace.memory[0, at])}"
        case Adam():
            beta1, beta2 = optimizer.betas
            mean = trace.memory[0, at] / (1 - beta1 ** (trace.count + 1))
            square = trace.memory[1, at] / (1 - beta2 ** (trace.count + 1))
            formula = f"{symbol} ← {symbol} − α m/(√v + ε), m, v bias-corrected averages of g, g², {alpha}"
            return formula, f"{before} − {rate}·{bracketed(mean)}/√{num(square)}"
    raise TypeError(f"no rule is known for {type(optimizer).__name__}")


def _still(trace: Trace, at: int) -> bool:
    """Whether an entry stands still although its optimizer remembers gradients."""
    return bool(trace.settings.frozen) and trace.change[at] == 0 and trace.gradient[at] == 0
