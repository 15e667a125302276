"""The budget of a training step: every library scenario's lanes, beside other programs."""

from __future__ import annotations

from dataclasses import replace

from nncore.datasets import make
from nncore.kinds import Disc
from nncore.model import NetworkModel
from nncore.network import Network
from nncore.optimizers import Sgd
from nncore.training import Lane, Settings, Trainer
from scenarios.file.loader import library
from scenarios.runs.build import build
from tests.bench.peers import jax_step, sklearn_step, torch_step
from tests.bench.timing import best, row

MICRO = 1e6


def run() -> None:
    """Print the figures of every lane with a network."""
    for scenario in library():
        for lane in build(scenario):
            if isinstance(lane.model, NetworkModel):
                _lane(scenario.name, lane)
    _replicas()


def _lane(scenario: str, lane: Lane) -> None:
    trainer = Trainer(lane)
    trainer.run(50)
    own = best(lambda: trainer.run(100)) / 100
    peers = {"jax": jax_step(lane), "torch": torch_step(lane), "sklearn": sklearn_step(lane)}
    times = {}
    for name, step in peers.items():
        if step is not None:
            step()
            times[name] = best(step, rounds=5, calls=20)
    ratios = ", ".join(f"{own / seconds:.2f} × {name}" for name, seconds in times.items())
    assert isinstance(lane.model, NetworkModel)
    size = min(lane.settings.batch_size or lane.model.samples, lane.model.samples)
    good = None
    if times:
        good = own <= times.get("torch", float("inf")) / 4
        good &= size < 32 or own <= times.get("jax", float("inf"))
    budget = "≤ 1.0 × jax from batch 32 on, ≤ 0.25 × torch"
    row(f"step: {scenario}/{lane.id}, batch {size}", f"{own * MICRO:.1f} µs  {ratios}", budget, good)


def _replicas() -> None:
    network = Network((2, 8, 8, 8, 8, 1), ("relu",) * 4 + ("linear",))
    model = NetworkModel(network, "squared", "mean", make(Disc(), 512))
    settings = Settings(Sgd(0.01), batch_size=8)
    from numpy.random import default_rng

    start = default_rng(0).normal(size=(32, network.parameter_count)) * 0.3
    many = Trainer(Lane("many", "many", model, settings, start, tuple(range(32))))
    one = Trainer(replace(many.lane, start=start[0], seeds=(0,)))
    together = best(lambda: many.run(200)) / 200
    alone = best(lambda: one.run(200)) / 200 * 32
    ratio = alone / together
    row("32 replicas of 2-8-8-8-8-1, batch 8, against 32 runs", f"{ratio:.1f} times faster", "≥ 8 times", ratio >= 8)
