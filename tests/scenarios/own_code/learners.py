"""A file as a learner writes it, for by-hand, and what may go wrong with it."""

from __future__ import annotations

from pathlib import Path

from scenarios.file.loader import load
from scenarios.own_code.calls import Plan
from scenarios.own_code.cases import beginning
from scenarios.own_code.check import Verdict, check
from scenarios.runs.build import build

RIGHT = """# gradstep exercise by-hand
import numpy as np


def forward(X, W, b):
    A, Z = {}, {0: X}
    for d in W:
        A[d] = Z[d - 1] @ W[d].T + b[d]
        Z[d] = np.maximum(A[d], 0) if d < len(W) else A[d]
    return A, Z


def loss(output, Y, W):
    return 0.5 * np.sum((output - Y) ** 2) / len(Y)


def backward(A, Z, Y, W):
    L = len(W)
    D, dW, db = {L: (Z[L] - Y) / len(Y)}, {}, {}
    for d in range(L, 0, -1):
        dW[d] = D[d].T @ Z[d - 1]
        db[d] = D[d].sum(axis=0)
        if d > 1:
            D[d - 1] = D[d] @ W[d] * (A[d - 1] > 0)
    return D, dW, db


def update(W, b, dW, db, state, step):
    alpha = 0.1
    return {d: W[d] - alpha * dW[d] for d in W}, {d: b[d] - alpha * db[d] for d in b}, state
"""


def changed(*changes: tuple[str, str]) -> str:
    """The right file with some of its text replaced."""
    text = RIGHT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def checked(folder: Path, text: str, seconds: float = 10.0) -> Verdict:
    """What a check in a process finds in a file of this text."""
    file = folder / "mine.py"
    file.write_text(text)
    lane = beginning(build(load("by-hand"))[0])
    return check(file, Plan(lane), seconds)
