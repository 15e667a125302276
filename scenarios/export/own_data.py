"""A scenario that fits a CSV file, as commented text to go on from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scenarios.errors import quoted
from scenarios.file.csv_survey import Proposal
from scenarios.file.toml_inline import inline

LANE = "net"
"""The id of its lane."""
ROUNDS = 100
"""So often each sample is seen, where that takes neither few steps nor very many."""
_WIDTH = 110
_NAMED = 6


def own_data_text(proposal: Proposal, name: str, csv: str) -> str:
    """The text of a scenario of that name on a file beside it."""
    return "".join(f"{line}\n" for line in _lines(proposal, name, csv))


def _lines(proposal: Proposal, name: str, csv: str) -> Iterator[str]:
    trained = proposal.trained
    batch = min(trained, 32 if trained < 10_000 else 256)
    steps = min(max(ROUNDS * trained // batch, 500), 5_000)
    yield "# A scenario for gradstep, made to fit a file of samples. docs/scenario-file.md has every key."
    yield ""
    yield "format = 1"
    yield f"name = {inline(name)}"
    yield f"title = {inline(f'{_some(proposal.outputs)} from {_some(proposal.inputs)}')}"
    yield f"question = {inline(f'How well can {_some(proposal.outputs)} be told from the rest?')}"
    seen = (
        f"{batch} of the {trained:,} samples to train on" if batch < trained else f"all {trained} samples to train on"
    )
    rounds = max(round(steps * batch / trained), 1)
    yield from _comment(f"each step sees {seen}, so that each is seen about {_counted(rounds, 'time')}")
    yield f"steps = {steps}"
    yield ""
    yield "[data]"
    table = proposal.table(csv)
    for key, value in table.items():
        yield from _comment(_why(key, proposal))
        yield f"{key} = {inline(value)}"
    yield ""
    yield "[[lanes]]"
    yield f'id = "{LANE}"'
    size = f"{_counted(len(proposal.inputs), 'input')}, {proposal.samples:,} samples"
    yield from _comment(f"{size}: a small network to begin with; [] is a linear model")
    yield f"hidden = {inline(_hidden(proposal.samples))}"
    yield 'activation = "tanh"'
    yield from _comment(_why_loss(proposal))
    yield f"loss = {inline(proposal.loss)}"
    yield from _comment("adam finds a fitting size of step for each parameter; sgd is the plain one")
    yield 'optimizer = { name = "adam", learning_rate = 0.01 }'
    yield f"batch_size = {batch}"


def _comment(text: str) -> Iterator[str]:
    """Text as lines of comments."""
    line = "#"
    for word in text.split():
        if len(line) + 1 + len(word) > _WIDTH and line != "#":
            yield line
            line = "#"
        line += f" {word}"
    if line != "#":
        yield line


def _why(key: str, proposal: Proposal) -> str:
    """Why a key of the data is as it is."""
    match key:
        case "inputs":
            out = "".join(
                f"; without {quoted(name)}, as line {line} has {quoted(cell) if cell.strip() else 'nothing'} there"
                for name, line, cell in proposal.left_out[:_NAMED]
            )
            return f"the columns of numbers{out}. Take out what tells nothing, such as row numbers"
        case "outputs":
            return "what is to be predicted"
        case "decimal":
            return "its numbers have decimal commas"
        case "classes":
            return "numbers that are names of classes, as they are whole and few; without this line they are measured"
        case "labels":
            return "0 and 1 are two classes: accuracies are counted"
        case "standardize":
            each = "each input is shifted and scaled to mean 0 and deviation 1, so that none counts for its unit alone"
            also = (
                f'"all": {_some(proposal.outputs)} likewise, as steps are too small for large numbers and too large for'
            )
            return f"{each}; {also} small ones; true: inputs only" if proposal.scales_outputs else each
        case "test_fraction":
            return "a share of the samples, drawn at random, is kept out of training to test on"
    return ""


def _why_loss(proposal: Proposal) -> str:
    """Why the loss fits."""
    what = _some(proposal.outputs)
    if not proposal.labels:
        units = ", in deviations as it is scaled" if proposal.scales_outputs else ""
        return f"{what} is measured: half the squared error{units}; absolute and huber mind outliers less"
    kind = f"has {proposal.labels} different labels" if proposal.in_words else f"has {proposal.labels} different values"
    fits = {
        "logistic": "logistic predicts the chance of the second of two classes",
        "softmax_cross_entropy": "softmax_cross_entropy gives each class an output of its own",
    }
    return f"{what} {kind}: {fits.get(proposal.loss, 'their numbers are fitted as if they were measured')}"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")


def _hidden(samples: int) -> list[int]:
    """Units of the hidden layers."""
    return [8] if samples < 100 else [16, 16] if samples < 10_000 else [32, 32]
