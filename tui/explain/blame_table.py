"""Who made a change: the samples that made a weight what it is, and the weights that changed a sample's answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nncore.answer_change import answer_change
from nncore.arrays import Array
from nncore.blame import Blame
from nncore.model import NetworkModel
from nncore.parameters import parameter_symbol
from nncore.training import Lane
from tui.explain.names import listed_inputs
from tui.explain.notation import subscript as sub
from tui.explain.sample import target
from tui.render.numbers import WIDTH, count, num, number

TOLD = 100
"""How many samples or weights are told one by one."""
_ANSWER = (
    "Shared out by backpropagation with differences: Δ(w·z) = Δw·mean(z) + mean(w)·Δz, the means those of both ends, "
    "and through σ by the slope Δz/Δa."
)


@dataclass(frozen=True)
class BlameTable:
    """Who made a change, largest first.

    told: what changed, and how that is shared out. rows: the columns' names, then a row for each who contributed.
    numbers: of these rows the sample or the entry of θ, None for what is neither. sums: what they add up to.
    """

    told: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int | None, ...]
    sums: tuple[str, ...]


def blame_table(lane: Lane, entry: int, found: Blame) -> BlameTable:
    """The samples that made an entry of θ change, and what else did."""
    symbol = parameter_symbol(lane.model, entry)
    ends = f"{num(found.start)} after step {found.first}, {num(found.end)} after step {found.last}"
    rows: list[tuple[str, ...]] = [("", f"{'adds':>{WIDTH}}")]
    numbers: list[int] = []
    if isinstance(lane.model, NetworkModel):
        rows = [(*rows[0], "in batches", "inputs", "target")]
        numbers = _largest(found.samples)
        rows += [_sample_row(lane.model, found, sample) for sample in numbers]
        left = int(np.count_nonzero(found.times)) - len(numbers)
        if left > 0:
            others = float(found.samples.sum() - found.samples[numbers].sum())
            rows.append((f"the other {left}", number(others)))
    rows += [(name, number(value)) for name, value in _besides(lane, found) if value]
    told = f"{symbol}: {ends}, a change of {num(found.change)}", _split_words(lane, found)
    both_ways = [_both_ways(found)] if numbers else []
    return BlameTable(told, tuple(rows), _filled(numbers, rows), (*both_ways, _sum_words(found.total, found.change)))


def _filled(numbers: Sequence[int], rows: Sequence[object]) -> tuple[int | None, ...]:
    """Numbers of the first rows below the columns' names, and none of the others."""
    return (*numbers, *[None] * (len(rows) - 1 - len(numbers)))


def _both_ways(found: Blame) -> str:
    """What the samples add up and what they take away: far more, often, than is left of it."""
    up, down = (float(found.samples[side].sum()) for side in (found.samples > 0, found.samples < 0))
    return f"Samples that raised it add {num(up)}, those that lowered it {num(down)}."


def _sum_words(total: float, change: float) -> str:
    return f"They add up to {total!r}; the change is {change!r}."


def _besides(lane: Lane, found: Blame) -> list[tuple[str, float]]:
    """What contributed besides the samples."""
    memories = lane.settings_at(found.first).optimizer.memories
    held = f"{memories[0].symbol} from before step {found.first + 1}" if memories else ""
    return [
        ("the penalties", found.penalty),
        (held, found.before),
        ("the function's gradient", found.function),
        ("the noise", found.noise),
        ("edits", found.edits),
    ]


def _sample_row(model: NetworkModel, found: Blame, sample: int) -> tuple[str, ...]:
    times, inputs = f"{count(int(found.times[sample])):>10}", listed_inputs(model.data, model.data.x[sample])
    return f"sample {sample}", number(found.samples[sample]), times, inputs, target(model, sample)


def _split_words(lane: Lane, found: Blame) -> str:
    """How the updates of the steps are split, with what is taken as it was."""
    optimizers = {id(one): one for one in (lane.settings_at(step).optimizer for step in _settings_steps(lane, found))}
    memories = {memory.symbol: memory.power for one in optimizers.values() for memory in one.memories}
    sums = [symbol for symbol, power in memories.items() if power == 1]
    roots = [symbol for symbol, power in memories.items() if power == 2]
    of = "samples of its batch" if isinstance(lane.model, NetworkModel) else "gradient of the function and the noise"
    words = f"Each update is split over the {of}, as the gradient is a sum of theirs"
    if sums:
        words += f", and {' and '.join(sums)} a weighted sum of the gradients up to then"
    if roots:
        words += f"; the division by {' and '.join(f'√{symbol}' for symbol in roots)} is taken as it was made"
    return f"{words}."


def _settings_steps(lane: Lane, found: Blame) -> list[int]:
    """The steps of a stretch from which on its settings are others."""
    return [found.first, *(edit.at for edit in lane.edits if found.first < edit.at < found.last)]


def answer_table(
    model: NetworkModel, sample: int, output: int | None, ends: tuple[int, int], thetas: tuple[Array, Array]
) -> BlameTable:
    """The parameters that made a sample's output change between two steps.

    output: which, None for the one that changed most.
    """
    x, network = model.data.x[sample], model.network
    if output is None:
        outputs = [network.outputs(theta, x[None])[0] for theta in thetas]
        output = int(np.argmax(np.nan_to_num(np.abs(outputs[1] - outputs[0]))))
    before, after, shares = answer_change(network, *thetas, x, output)
    name = f"z{sub(network.depth)}[{output}] of sample {sample}"
    said = f"{num(before)} after step {ends[0]}, {num(after)} after step {ends[1]}"
    told = f"{name}: {said}, a change of {num(after - before)}; {target(model, sample)}", _ANSWER
    heads = ("adds", f"after {ends[0]}", f"after {ends[1]}")
    rows = [("", *(f"{head:>{WIDTH}}" for head in heads))]
    order = _largest(shares)
    rows += [(parameter_symbol(model, at), *map(number, (shares[at], thetas[0][at], thetas[1][at]))) for at in order]
    left = int(np.count_nonzero(shares)) - len(order)
    if left > 0:
        rows.append((f"the other {left}", number(float(shares.sum() - shares[order].sum()))))
    layers = ", ".join(num(float(shares[one.block].sum())) for one in network.layers)
    sums = f"Layer by layer: {layers}.", _sum_words(float(shares.sum()), after - before)
    return BlameTable(told, tuple(rows), _filled(order, rows), sums)


def _largest(values: Array) -> list[int]:
    """The places of the largest magnitudes, largest first, none that is 0."""
    sizes = np.nan_to_num(np.abs(values))
    order: list[int] = np.argsort(-sizes, kind="stable")[: min(TOLD, int(np.count_nonzero(sizes)))].tolist()
    return order
