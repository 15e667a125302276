"""A learner's four functions for any network, in plain code apart from the engine: right, or with one mistake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from nncore.operations import OperationKind as Kind
from nncore.training import Lane
from scenarios.own_code import worker
from scenarios.own_code.calls import Plan
from scenarios.own_code.cases import network
from scenarios.own_code.check import Verdict, judged
from scenarios.own_code.process import Ran
from tests.nncore.mistakes.draws import LOSS, SIGMA
from tests.nncore.mistakes.planted import PLANTED
from tests.nncore.mistakes.planted_passes import penalties, penalty, signal, slope
from tests.nncore.mistakes.planted_updates import step


@dataclass
class Program:
    """forward, loss, backward, update of a lane; with a mistake, a variant of it in every result of some kinds.

    numbers: the type that is computed in. turned: whether sums are taken from their ends, by einsum.
    """

    lane: Lane
    mistake: str = ""
    kinds: Sequence[Kind] = ()
    variant: int = 0
    numbers: type = np.float64
    turned: bool = False

    def verdict(self) -> Verdict:
        """What `gradstep check` finds, without a process."""
        return judged(Plan(self.lane), self._run)

    def _run(self, calls: Sequence[bytes]) -> Ran:
        caller = worker.Caller(self, "mine.py")
        asked = worker.frames(b"".join(calls))
        replies = [(number, *reply) for number, call in enumerate(asked) for reply in caller.replies(*call)]
        return Ran(tuple(replies), None, "")

    def _view(self, m: int, **values: Any) -> SimpleNamespace:
        """The numbers that a function has, under the names by which tests/nncore/mistakes plants mistakes."""
        model, settings = network(self.lane), self.lane.settings
        mean = model.reduction == "mean"
        return SimpleNamespace(
            L=model.network.depth,
            m=m,
            sigma=dict(enumerate(model.network.activations, 1)),
            loss=model.loss_name,
            mean=mean,
            share=1.0 / m if mean else 1.0,
            l1=settings.l1,
            l2=settings.l2,
            trace=SimpleNamespace(settings=settings),
            **values,
        )

    def _made(self, kind: Kind, p: SimpleNamespace, d: int, right: Any) -> Any:
        """A result: the right one, or what the mistake makes of it where it makes anything."""
        if kind not in self.kinds:
            return right
        made = [one for kinds, plant in PLANTED[self.mistake] if kind in kinds for one in plant(p, d)]
        if kind is Kind.UPDATE:
            made = [one for one in made if one.ndim == right.ndim]
        return made[self.variant % len(made)] if made else right

    def _product(self, left: Any, right: Any) -> Any:
        return np.einsum("ij,jk->ik", left[:, ::-1], right[::-1]) if self.turned else left @ right

    def _targets(self, Y: Any, outputs: int) -> Any:
        return (np.arange(outputs) == Y) * 1.0 if network(self.lane).loss_name == "softmax_cross_entropy" else Y

    def forward(self, X: Any, W: Any, b: Any) -> Any:
        A: dict[int, Any] = {}
        Z = {0: X.astype(self.numbers)}
        p = self._view(len(X), A=A, Z=Z, W=W, b=b)
        for d in W:
            A[d] = self._product(Z[d - 1], W[d].T) + b[d]
            A[d] = self._made(Kind.PRE_ACTIVATION, p, d, A[d])
            Z[d] = SIGMA[p.sigma[d]](A[d])
            if d == p.L or "other-layer" not in self.mistake:
                Z[d] = self._made(Kind.ACTIVATION, p, d, Z[d])
        return A, Z

    def loss(self, output: Any, Y: Any, W: Any) -> Any:
        p = self._view(len(Y), W=W, b={}, Y=self._targets(Y, output.shape[1]))
        from_logits = network(self.lane).loss.from_logits
        p.A, p.Z = {p.L: output}, {p.L: SIGMA[p.sigma[p.L]](output) if from_logits else output}
        terms = LOSS[p.loss](p.Z[p.L].astype(self.numbers), p.Y)
        right = p.share * (terms[::-1] if self.turned else terms).sum() + penalties(p)
        return self._made(Kind.LOSS, p, p.L, right)

    def backward(self, A: Any, Z: Any, Y: Any, W: Any) -> Any:
        D: dict[int, Any] = {}
        dW: dict[int, Any] = {}
        db: dict[int, Any] = {}
        p = self._view(len(Y), A=A, Z=Z, W=W, D=D, dW=dW, db=db, Y=self._targets(Y, Z[len(W)].shape[1]))
        p.b = {d: np.zeros(len(W[d])) for d in W}  # which the function does not know
        for d in range(p.L, 0, -1):
            D[d] = signal(p, d).astype(self.numbers) * slope(p, d)
            D[d] = self._made(Kind.OUTPUT_DELTA if d == p.L else Kind.DELTA, p, d, D[d])
            dW[d] = self._product(D[d].T, Z[d - 1]) + penalty(p, W[d])
            dW[d] = self._made(Kind.WEIGHT_GRADIENT, p, d, dW[d])
            db[d] = (D[d][::-1] if self.turned else D[d]).sum(axis=0)
            db[d] = self._made(Kind.BIAS_GRADIENT, p, d, db[d])
        for d in self.lane.settings.frozen:
            dW[d], db[d] = 0.0 * dW[d], 0.0 * db[d]
        return D, dW, db

    def update(self, W: Any, b: Any, dW: Any, db: Any, state: Any, count: int) -> Any:
        settings = self.lane.settings
        if not state:
            zeros = ({d: 0.0 * W[d] for d in W}, {d: 0.0 * b[d] for d in W})
            state = [zeros] * settings.optimizer.state_size
        p = self._view(1, W=W, b=b, dW=dW, db=db, memory=state)
        p.trace.learning_rate, p.trace.count = settings.learning_rate(count - 1), count - 1
        new: tuple[dict[int, Any], dict[int, Any]] = {}, {}
        after: list[Any] = [({}, {}) for _ in state]
        for part, (theta, gradient) in enumerate(((W, dW), (b, db))):
            for d in theta:
                memory = [kept[part][d] for kept in state]
                new[part][d] = self._made(Kind.UPDATE, p, d, theta[d] - step(p, gradient[d], memory))
                for kept, value in zip(after, self._remembered(gradient[d], memory), strict=True):
                    kept[part][d] = value
        return *new, after

    def _remembered(self, g: Any, memory: Sequence[Any]) -> Any:
        """What the optimizer remembers, with dampening if that is the mistake."""
        optimizer = self.lane.settings.optimizer
        share = 1.0 - optimizer.momentum if self.mistake == "dampening" else 1.0
        _, after = optimizer.update(share * g, np.array(memory).reshape(len(memory), *g.shape), 1.0, 0)
        return after
