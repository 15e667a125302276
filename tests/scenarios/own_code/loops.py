"""A training loop as a learner writes it, with one mistake or none, recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scenarios.file.loader import parse
from scenarios.own_code.recorder import Recorder
from scenarios.runs.build import dataset

SCENARIO = """
format = 1
name = "mine"
steps = 30
[data]
kind = "disc"
samples = 24
[[lanes]]
id = "net"
hidden = [5, 5]
activation = "{activation}"
batch_size = {batch}
l2 = {l2}
optimizer = {optimizer}
"""
OPTIMIZERS = {
    "sgd": '{ name = "sgd", learning_rate = 0.1 }',
    "momentum": '{ name = "sgd", learning_rate = 0.1, momentum = 0.9 }',
    "adam": '{ name = "adam", learning_rate = 0.01 }',
}
ALL = ("loss", "batch", "dW", "db", "A", "Z", "D")


def scenario(activation: str = "tanh", optimizer: str = "sgd", batch: int = 8, l2: float = 0.0) -> str:
    return SCENARIO.format(activation=activation, optimizer=OPTIMIZERS[optimizer], batch=batch, l2=l2)


@dataclass(frozen=True)
class Loop:
    """How the loop is run: on samples, from a seed, with a mistake from one step on."""

    x: np.ndarray
    y: np.ndarray
    mistake: str = ""
    since: int = 1
    activation: str = "tanh"
    optimizer: str = "sgd"
    steps: int = 30
    batch: int = 8
    l2: float = 0.0
    seed: int = 1
    rate: float = 0.1
    dtype: type = np.float64
    records: tuple[str, ...] = ALL
    delta_mean: bool = True
    penalty_recorded: bool = True
    sizes: tuple[int, ...] = (2, 5, 5, 1)

    def batches(self, rng: np.random.Generator) -> Iterator[np.ndarray]:
        for _ in range(self.steps):
            yield rng.permutation(len(self.x))[: self.batch]

    def record(self, file: Path) -> Path:
        rng = np.random.default_rng(self.seed)
        L = len(self.sizes) - 1
        W = {d: rng.normal(0, 0.7, (self.sizes[d], self.sizes[d - 1])).astype(self.dtype) for d in range(1, L + 1)}
        b = {d: rng.normal(0, 0.3, self.sizes[d]).astype(self.dtype) for d in range(1, L + 1)}
        memory: dict[str, np.ndarray] = {}
        previous: dict[str, dict[int, np.ndarray]] | None = None
        with Recorder(file, x=self.x, y=self.y) as record:
            record.start(W, b)
            for number, batch in enumerate(self.batches(rng), 1):
                wrong = self.mistake if number >= self.since else ""
                x, y = self.x[batch].astype(self.dtype), self.y[batch].astype(self.dtype)
                A, Z = self.forward(W, b, x, wrong)
                penalized = [*W.values(), *(b.values() if wrong == "penalty-on-biases" else ())]
                penalty = 0.5 * self.l2 * sum(float((one**2).sum()) for one in penalized)
                loss = float(0.5 * ((Z[L] - y) ** 2).sum() / len(batch)) + penalty
                step = self.backward(W, A, Z, y, wrong)
                if wrong == "penalty-on-biases":
                    step["db"] = {d: step["db"][d] + self.l2 * b[d] for d in b}
                if wrong == "not-zeroed" and previous:
                    step |= {name: {d: step[name][d] + previous[name][d] for d in W} for name in ("dW", "db")}
                before = W
                used = previous if wrong == "previous-gradient" and previous else step
                W, b = self.update(W, b, used, memory, number, wrong)
                previous = step
                everything = {"loss": loss, "batch": batch, "A": A, "Z": Z, **step}
                if not self.penalty_recorded:  # as PyTorch's weight_decay, which acts inside the optimizer
                    everything["loss"] = loss - penalty
                    everything["dW"] = {d: step["dW"][d] - self.l2 * before[d] for d in W}
                record.step(W=W, b=b, **{name: everything[name] for name in self.records})
        return file

    def sigma(self, a: np.ndarray) -> np.ndarray:
        return np.tanh(a) if self.activation == "tanh" else np.maximum(a, 0)

    def slope(self, a: np.ndarray) -> np.ndarray:
        return 1 - np.tanh(a) ** 2 if self.activation == "tanh" else (a > 0).astype(a.dtype)

    def forward(self, W: dict, b: dict, x: np.ndarray, wrong: str) -> tuple[dict, dict]:
        A, Z, L = {}, {0: x}, len(W)
        for d in range(1, L + 1):
            A[d] = np.einsum("mi,oi->mo", Z[d - 1], W[d].T if wrong == "weights-transposed" and d == 2 else W[d])
            if wrong != "no-bias":
                A[d] = b[d] + A[d]
            Z[d] = self.sigma(A[d]) if d < L else A[d]
        return A, Z

    def backward(self, W: dict, A: dict, Z: dict, y: np.ndarray, wrong: str) -> dict[str, dict]:
        L, m = len(W), len(y)
        D, dW, db = {L: (Z[L] - y) / (1 if wrong == "no-mean" or not self.delta_mean else m)}, {}, {}
        scale = 1 if self.delta_mean else 1 / m
        for d in range(L, 0, -1):
            dW[d] = scale * np.einsum("mo,mi->oi", D[d], Z[d - 1]) + self.l2 * W[d]
            db[d] = scale * D[d].sum(0)
            if wrong == "bias-not-summed":
                db[d] = scale * D[d]
            if wrong == "bias-mean":
                db[d] = scale * D[d].mean(0)
            if d > 1:
                above = W[d] - self.rate * dW[d] if wrong == "updated-weights" else W[d]
                D[d - 1] = D[d] @ (above.T if wrong == "delta-transposed" and d == 2 else above)
                if wrong != "no-derivative":
                    D[d - 1] = D[d - 1] * self.slope(A[d - 1])
        return {"D": D, "dW": dW, "db": db}

    def update(
        self, W: dict, b: dict, step: dict, memory: dict, number: int, wrong: str
    ) -> tuple[dict[int, np.ndarray], dict[int, np.ndarray]]:
        made: tuple[dict[int, np.ndarray], dict[int, np.ndarray]] = {}, {}
        for new, old, gradient, name in zip(made, (W, b), (step["dW"], step["db"]), "Wb", strict=True):
            for d in old:
                change = self.change(gradient[d], memory, f"{name}{d}", number, wrong)
                new[d] = old[d] + change if wrong == "uphill" else old[d] - change
        return made

    def change(self, g: np.ndarray, memory: dict, name: str, t: int, wrong: str) -> np.ndarray:
        if self.optimizer == "sgd":
            return self.rate * g
        if self.optimizer == "momentum":
            memory[name] = g + 0.9 * memory.get(name, 0)
            return self.rate * memory[name]
        memory[name] = 0.9 * memory.get(name, 0) + 0.1 * g
        memory[name + "v"] = 0.999 * memory.get(name + "v", 0) + 0.001 * g**2
        correct = wrong != "no-bias-correction"
        m = memory[name] / (1 - 0.9**t if correct else 1)
        v = memory[name + "v"] / (1 - 0.999**t if correct else 1)
        return 0.01 * m / (np.sqrt(v) + 1e-8)


def data_of(text: str) -> tuple[np.ndarray, np.ndarray]:
    """The samples of a scenario."""
    data = dataset(parse(text.encode(), "mine.toml", Path()))
    assert data is not None
    return data.x, data.y


def written(folder: Path, mistake: str = "", **settings: Any) -> tuple[str, str]:
    """The names of a scenario and of a loop of it, recorded."""
    kept = {name: settings[name] for name in ("activation", "optimizer", "batch", "l2") if name in settings}
    text = scenario(**kept)
    (folder / "mine.toml").write_text(text)
    file = Loop(*data_of(text), mistake, **settings).record(folder / "mine.npz")
    return str(folder / "mine.toml"), str(file)
