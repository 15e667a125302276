"""Records a training loop of your own, in NumPy or PyTorch, for `gradstep diff`. It needs nothing but NumPy.

    from recorder import Recorder

    record = Recorder("mine.npz", x=X, y=Y)     # the samples may be left out
    record.start(W, b)                          # lists or dictionaries by layer, or a PyTorch module
    for batch in batches:
        ...                                     # your step
        record.step(loss=L, batch=batch, W=W, b=b, dW=dW, db=db, A=A, Z=Z, D=D)
    record.close()

Record a step after its update; all but W and b may be left out. Of a module that was given to `start` a step reads
weights, biases and `.grad` itself: `record.step(loss=loss, batch=batch)`, before the gradients are set to zero.

W[d] is (out, in), b[d] (out,), and A, Z, D (batch, out) are pre-activations, activations and δ of layer d = 1 … L; a
list may begin with that of layer 0. `batch` has the sample numbers, from 0.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np


class Recorder:
    """Writes starting values and steps into an `.npz` file, which is there, whole, after `close`."""

    def __init__(self, file: str | Path, x: Any = None, y: Any = None) -> None:
        self._path = Path(file)
        self._entries: dict[str, _Entry] = {}
        self._folder = Path(tempfile.mkdtemp())
        atexit.register(self.close)
        self._steps = 0
        self._depth = 0
        self._module: Any = None
        for name, samples in (("x", x), ("y", y)):
            if samples is not None:
                values = _array(samples)
                self._append(name, values[:, None] if values.ndim == 1 else values, 0)
        self._samples = None if x is None else len(x)

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self, W: Any, b: Any = None) -> None:
        """Record the starting values: weights and biases by layer, or a module that has them."""
        if hasattr(W, "named_parameters"):
            self._module = W
            W, b = (_of_module(W)[name] for name in ("W", "b"))
        weights = _by_layer(W)
        self._depth = max(weights)
        for name, values in (("W", weights), ("b", _by_layer(b, self._depth))):
            for layer, value in values.items():
                self._append(f"start/{name}{layer}", _array(value), 0)

    def step(self, *, loss: Any = None, batch: Any = None, **values: Any) -> None:
        """Record a step after its update: any of W, b, dW, db, A, Z and D, by layer."""
        if not self._depth:
            raise ValueError("call start(W, b) before the first step")
        if unknown := set(values) - {"W", "b", "dW", "db", "A", "Z", "D"}:
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}; known are W, b, dW, db, A, Z and D")
        if self._module is not None:
            values = _of_module(self._module) | values
        for name in ("W", "b"):
            if values.get(name) is None:
                raise ValueError(f"{name} is missing: give W and b as they are after the update")
        for name, layers in values.items():
            for layer, value in _by_layer(layers, self._depth).items():
                self._append(f"steps/{name}{layer}", _array(value), self._steps)
        if loss is not None:
            self._append("batch_loss", _array(loss).astype(np.float64).reshape(()), self._steps)
        if batch is not None:
            self._append("batches", self._sample_numbers(batch), self._steps)
        self._steps += 1

    def close(self) -> None:
        """Write the file; done as the program ends if you forget."""
        atexit.unregister(self.close)
        if not self._folder.exists():
            return
        beside = self._path.with_name(f".{self._path.name}.part")
        with zipfile.ZipFile(beside, "w") as archive:
            for name, entry in self._entries.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as out:
                    entry.write(out, None if name in ("x", "y") or name.startswith("start/") else self._steps)
        os.replace(beside, self._path)
        shutil.rmtree(self._folder)

    def _append(self, name: str, array: np.ndarray, step: int) -> None:
        if name not in self._entries:
            self._entries[name] = _Entry(name, self._folder / str(len(self._entries)))
        self._entries[name].append(array, step)

    def _sample_numbers(self, batch: Any) -> np.ndarray:
        if isinstance(batch, slice):
            stop = self._samples if batch.stop is None or batch.stop < 0 else batch.stop
            if stop is None:
                raise ValueError("give Recorder the samples x, or their numbers as batch")
            batch = np.arange(stop if self._samples is None else self._samples)[batch]
        numbers = np.asarray(batch.detach().cpu().numpy() if hasattr(batch, "detach") else batch)
        if numbers.dtype == bool:
            numbers = np.flatnonzero(numbers)
        if numbers.ndim != 1 or numbers.dtype.kind not in "iu" or (numbers < 0).any():
            raise ValueError("batch has to be the numbers of the samples, from 0, in one list")
        return numbers.astype(np.int32)


class _Entry:
    """An array a step, kept in a temporary file until its final shape is known."""

    def __init__(self, name: str, path: Path) -> None:
        self._name, self._path = name, path
        self._parts: dict[int, tuple[np.dtype[Any], tuple[int, ...]]] = {}

    def append(self, array: np.ndarray, step: int) -> None:
        _, before = next(iter(self._parts.values()), (None, array.shape))
        if (array.ndim, array.shape[1:]) != (len(before), before[1:]):
            raise ValueError(f"{self._name} has the shape {array.shape}, in steps before it was {before}")
        self._parts[step] = array.dtype, array.shape
        with self._path.open("ab") as file:
            file.write(array.tobytes())

    def write(self, out: IO[bytes], steps: int | None) -> None:
        """Write it as `.npy`; where a step has fewer rows than others, or none, the rest is NaN, or −1 in `batches`."""
        dtype = np.result_type(*(dtype for dtype, _ in self._parts.values()))
        shapes = [shape for _, shape in self._parts.values()]
        rows, fill = shapes[0] if not shapes[0] else (max(shape[0] for shape in shapes), *shapes[0][1:]), np.nan
        whole = rows if steps is None else (steps, *rows)
        header = {"descr": dtype.str, "fortran_order": False, "shape": whole}
        np.lib.format.write_array_header_1_0(out, header)
        with self._path.open("rb") as file:
            for step in range(1 if steps is None else steps):
                padded = np.full(rows, -1 if dtype.kind == "i" else fill, dtype)
                if step in self._parts:
                    own, shape = self._parts[step]
                    part = np.frombuffer(file.read(own.itemsize * int(np.prod(shape))), own).reshape(shape)
                    padded[tuple(slice(0, n) for n in shape)] = part
                out.write(padded.tobytes())


def _array(value: Any) -> np.ndarray:
    """Numbers as an array of floats; tensors by their own methods."""
    array = np.asarray(value.detach().cpu().numpy() if hasattr(value, "detach") else value)
    return array if array.dtype in (np.float16, np.float32) else array.astype(np.float64)


def _by_layer(values: Any, depth: int = 0) -> dict[int, Any]:
    """The values of layers 1 … L by their numbers, from a dictionary or a list; what is None is left out."""
    if values is None:
        return {}
    if isinstance(values, dict):
        numbered = {int(re.sub(r"\D", "", str(key)) or 0): value for key, value in values.items()}
    else:
        first = 0 if values[0] is None or (depth and len(values) == depth + 1) else 1
        numbered = dict(enumerate(values, first))
    return {layer: value for layer, value in sorted(numbered.items()) if layer > 0 and value is not None}


def _of_module(module: Any) -> dict[str, dict[int, Any]]:
    """The weights, biases and gradients of a module's layers, in their order."""
    found: dict[str, dict[int, Any]] = {"W": {}, "b": {}, "dW": {}, "db": {}}
    for name, parameter in module.named_parameters():
        kind = {"weight": "W", "bias": "b"}.get(name.rpartition(".")[2])
        if kind is None or len(parameter.shape) != (2 if kind == "W" else 1):
            raise ValueError(f"{name} of shape {tuple(parameter.shape)} is of no fully connected layer")
        layer = len(found["W"]) + (kind == "W")
        found[kind][layer] = parameter
        found[f"d{kind}"][layer] = getattr(parameter, "grad", None)
    for layer, weights in found["W"].items():
        if layer not in found["b"]:
            found["b"][layer] = np.zeros(weights.shape[0])
    return found
