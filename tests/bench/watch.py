"""The budgets of the watch: how soon it knows a run, and what ten of its rows add to a key."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from nncore.slices import finished
from nncore.training import Trainer
from scenarios.export.self_contained import self_contained
from scenarios.export.toml import toml_text
from scenarios.file.loader import load
from tests.bench.screen import key_times
from tests.bench.timing import row
from tui.session.session import Session
from tui.session.watch import Watch
from tui.session.watch_rows import places

TEN = (
    *("deep.W2[3,1]", "deep.dW2[3,1]", "deep.a1[17,3]", "deep.batch_loss", "wide.W1[5,1]", "wide.grad_norm"),
    *("deep.delta1[17,3]", "deep.weight_norm[2]", "deep.output[3,0]", "deep.W2[3,1] - wide.W1[0,0]"),
)


def run() -> None:
    """Print how soon a run of 3,000 steps is known, and a key with ten rows in view."""
    session = Session.begin(load("disc-depth"))
    session.go_to(3_000)
    for texts in (TEN[:1], TEN):
        ratios = sorted(_ratio(session, texts) for _ in range(5))
        words = f"3,000 steps of disc-depth in a watch of {len(texts)}"
        row(words, f"{ratios[2]:.2f} × their steps", "≤ 1.5 ×", ratios[2] <= 1.5)
    table = {key: value for key, value in self_contained(load("disc-depth")).items() if key not in ("guide", "quiz")}
    table["watch"], times = list(TEN), []
    with TemporaryDirectory() as folder:
        file = Path(folder) / "ten.toml"
        for pane in ("tally", "watch"):
            file.write_text(toml_text({**table, "panes": ["function", "loss", pane, "lesson"]}), encoding="utf-8")
            times.append(key_times(str(file)))
    (without, _), (median, late) = times
    figures = f"{median:.1f} ms, 95 %: {late:.1f} ({without:.1f} without)"
    row("key n with a watch of ten, 120×40", figures, "≤ 20, 33 ms", median <= 20 and late <= 33)


def _ratio(session: Session, texts: tuple[str, ...]) -> float:
    """How long a watch takes to know the whole run, as a multiple of what the steps of its lanes alone take."""
    watch = Watch()
    watch.keep(texts, session.lane_runs)
    begin = time.perf_counter()
    finished(watch.beyond(places(session.cursor)))
    known = time.perf_counter()
    for lane_run in {lane_run for one in watch.watched.values() for lane_run in one.lane_runs}:
        Trainer(lane_run.lane).run(session.reached)
    return (known - begin) / (time.perf_counter() - known)
