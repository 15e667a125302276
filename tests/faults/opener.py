"""Gives files to the installed command, one after the other in one process, and tells what became of each.

As a program: `python -m tests.faults.opener` reads words of a command, a JSON list a line, and answers each with a
line of JSON: the status, what was written to the standard streams, and what was raised.
"""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import traceback
import warnings
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from tests.faults import checks
from tests.faults.mutations import mutated

FIXTURES = Path(__file__).parent.parent / "fixtures"
MEMORY = 2**32
"""How many bytes of addresses the process may use."""
SECONDS = 60
"""How long a file may take; no test of speed, but an end to what has none."""

CSV = "x1;Name;y1\n" + "".join(f"{k / 7:.3f};{'ab'[k % 2]};{k % 3}\n" for k in range(12))
SCENARIO = """\
format = 1
name = "own"
title = "Own"
question = "Which one?"
text = "Look."
steps = 6
seed = 3
[data]
{data}
[defaults]
loss = "squared"
batch_size = 4
optimizer = {{ name = "adam", learning_rate = 0.01, betas = [0.9, 0.99] }}
schedule = {{ name = "step", every = 2, factor = 0.5 }}
[[lanes]]
id = "one"
hidden = [3, 2]
activation = ["tanh", "relu"]
[[lanes]]
id = "two"
label = "zwei"
hidden = []
[[lanes.edits]]
at = 3
set = {{ optimizer.learning_rate = 0.1, batch_size = "full" }}
[[claims]]
text = "It falls."
at = 6
check = "one.train_loss < 10 and first_step(two.train_loss < 1) > 0"
[[predict]]
at = 2
ask = "Which?"
answer = "one.train_loss < two.train_loss"
"""
DATA = {
    "drawn": 'kind = "disc"\nsamples = 12\ntest_fraction = 0.25\nnoise = 0.1\nstandardize = true',
    "expression": 'expression = "sin(2*pi*x1) + x2**2"\ndomain = [-1, 1]\nsampling = "random"\nsamples = 9',
    "points": "points = [[1, 2, 0.5], [-1, 0, 1], [0, 0.25, 1]]",
    "csv": 'csv = "own.csv"\ninputs = ["x1"]\noutputs = ["y1"]\ntest_fraction = 0.2',
}


@dataclass(frozen=True)
class Outcome:
    """What a command came to; `raised` is a traceback, "" for none."""

    status: int
    out: str
    error: str
    raised: str


class Opener:
    """The process that opens files, as a context manager."""

    def __enter__(self) -> Opener:
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.opener"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._program.kill()
        self._program.communicate()

    def opens(self, file: Path) -> Outcome:
        """Give a file to the command; raises AssertionError if that ends the process."""
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(f"{file}\n")
        self._program.stdin.flush()
        line = self._program.stdout.readline()
        assert line, f"the process ended with status {self._program.wait()}"
        return Outcome(**json.loads(line))


def damage(seed: int, suffix: str, files: int) -> None:
    """Open so many damaged files of a suffix; raises AssertionError with the seed and what was done to the file."""
    random = Random(f"{seed} {suffix}")
    with tempfile.TemporaryDirectory(prefix="gradstep-faults-") as name, Opener() as opener:
        folder = Path(name)
        for number in range(files):
            whole = random.choice(_wholes(suffix))
            content = mutated(random, suffix, whole)
            file = folder / f"own{suffix}"
            (folder / "own.toml").write_bytes(SCENARIO.format(data=DATA["csv"]).encode())
            (folder / "own.csv").write_bytes(CSV.encode())
            file.write_bytes(content)
            try:
                _check(opener.opens(file))
            except AssertionError as error:
                kept = Path(tempfile.gettempdir()) / f"gradstep-fault-{seed}-{number}{suffix}"
                kept.write_bytes(content)
                again = f"python -m tests.faults --files {files} --seed {seed}"
                raise AssertionError(f"{error}\nfile {number}, kept as {kept}\nto repeat it: {again}") from error


def _check(outcome: Outcome) -> None:
    assert not outcome.raised, outcome.raised
    checks.done_or_refused(outcome.status, outcome.out, outcome.error, "own.")
    if outcome.status == 0:
        checks.is_json(outcome.out)


def _wholes(suffix: str) -> list[bytes]:
    """Files of a suffix that are whole."""
    match suffix:
        case ".gradstep":
            return [file.read_bytes() for file in sorted((FIXTURES / "saved").iterdir())]
        case ".json":
            return [file.read_bytes() for file in sorted((FIXTURES / "lessons").glob("*.json"))]
        case ".csv":
            return [CSV.encode()]
        case _:
            return [SCENARIO.format(data=data).encode() for data in DATA.values()]


def _words(file: Path) -> list[str]:
    """The words of the command that opens a file of this suffix."""
    match file.suffix:
        case ".gradstep":
            return [str(file)]
        case ".json":
            return ["replay", str(file), "--json"]
        case _:
            return ["run", str(file.with_suffix(".toml")), "--json", "--steps", "6"]


def _use(file: Path) -> None:
    """Do with a saved run that opens what somebody might who opened it."""
    from tests.undo import undo
    from tui.archive.encode import encode_run
    from tui.archive.errors import SharingError
    from tui.archive.saved_run_file import open_run
    from tui.exports.scenario_file import scenario_export
    from tui.lesson.recording import recall, recorded
    from tui.session.frame_builder import FrameBuilder
    from tui.session.player import Player
    from tui.session.session import Session

    try:
        session = Session(open_run(file))
    except SharingError:
        return
    builder = FrameBuilder(session)
    for move in (session.out, session.next_step, session.into, session.into, session.previous_step):
        move()
        assert builder.frame(Player(), session.view.front).lane
    for _ in session.run(session.cursor.step + 3, session.stop_search()):
        pass
    scenario_export(session.saved(), "own")[".toml"]
    recorded(session)
    for _ in recall(session):
        pass
    while undo(session):
        pass
    encode_run(session.saved())


def _outcome(file: Path) -> Outcome:
    from tui.cli import main

    out, error, status, raised = io.StringIO(), io.StringIO(), -1, ""
    signal.alarm(SECONDS)
    try:
        with redirect_stdout(out), redirect_stderr(error):
            status = main(_words(file))
            if file.suffix == ".gradstep":
                _use(file)
    except BaseException:  # whatever it is, it is told
        raised = traceback.format_exc()
    signal.alarm(0)
    return Outcome(status, out.getvalue(), error.getvalue(), raised)


def _serve() -> None:
    """Open the files that are named on stdin."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, _too_long)
    warnings.simplefilter("always")
    for line in sys.stdin:
        answers.write(json.dumps(asdict(_outcome(Path(line.rstrip("\n"))))) + "\n")
        answers.flush()


def _too_long(*_: object) -> None:
    raise TimeoutError(f"not done after {SECONDS} s")


if __name__ == "__main__":
    _serve()
