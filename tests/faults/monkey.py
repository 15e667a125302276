"""The program in a terminal while a storm goes over it, and whether it still answers afterwards."""

from __future__ import annotations

import os
import select
import signal
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import monotonic

from tests.faults import checks
from tests.faults.storms import Event, Input, Pause, Resize, storm
from tests.terminal import KEYS, Terminal, gradstep
from tui.archive.saved_run_file import open_run

READY = " ? help"
HELP = "help · esc closes"
MOST_OPEN = 8
"""More than there can be of dialogs, zooms and panes that esc leaves."""
PATIENCE = 600.0
"""Seconds after which what was waited for will not come any more."""
LONGEST = 1 << 12
"""More bytes than a text has that is waited for, with its colours."""
MOST_READ = 1 << 18
"""How many bytes of an answer are kept."""
REMEMBERED = 150
"""How many of the last events a failure tells."""
ENDS: dict[str | signal.Signals, int] = {
    "q": 0,
    "ctrl+q": 0,
    "ctrl+c": 128 + signal.SIGINT,
    signal.SIGINT: 128 + signal.SIGINT,
    signal.SIGTERM: 128 + signal.SIGTERM,
    signal.SIGHUP: 128 + signal.SIGHUP,
}
"""How the program is ended, and its exit status then."""


class Monkey:
    """A program in a terminal of its own, in a folder of its own, with a home of its own."""

    def __init__(self, folder: Path, *command: str) -> None:
        self.exports, self.state = folder / "exports", folder / "state"
        self.exports.mkdir(exist_ok=True)
        self._command = command
        self._env = {f"XDG_{name}_HOME": str(self.state) for name in ("STATE", "CONFIG", "DATA", "CACHE")}
        self._env |= {"HOME": str(folder)}
        self._answer = b""
        self.last: deque[Event] = deque(maxlen=REMEMBERED)
        self.terminal: Terminal

    @contextmanager
    def running(self, columns: int = 120, rows: int = 40, shows: str = READY) -> Iterator[Monkey]:
        """Start the program, wait for what it shows, and kill it if it still runs in the end."""
        env = self._env | {"PYTHONPATH": os.getcwd()}
        with Terminal(self._command, columns, rows, env=env, folder=self.exports) as self.terminal:
            self._answer = b""
            self.shows(shows)
            yield self

    def meets(self, event: Event) -> bool:
        """Let something happen; whether the program still runs."""
        self.last.append(event)
        match event:
            case Input():
                return self._send(event.sent)
            case Resize():
                self.terminal.resize(event.columns, event.rows)
                return self.reads(0)
            case Pause():
                return self.reads(event.seconds)

    def press(self, *keys: str) -> None:
        """Send keys by name, or single characters."""
        for key in keys:
            self._send(KEYS.get(key, key).encode())

    def _send(self, content: bytes) -> bool:
        """Write while reading what the program writes, so that neither waits for the other."""
        self._answer = b""
        while content:
            readable, writable, _ = select.select([self.terminal.file], [self.terminal.file], [], PATIENCE)
            assert readable or writable, "the program does not read its input"
            try:
                content = content[os.write(self.terminal.file, content[:64]) if writable else 0 :]
            except OSError:  # nobody is there to read it
                return False
            if not self.reads(0):
                return False
        return True

    def reads(self, seconds: float) -> bool:
        """Read what comes within some seconds without drawing it; whether the program still runs."""
        read = self.terminal.read(seconds)
        self._answer = (self._answer + (read or b""))[-MOST_READ:]
        while read and b"Traceback" in self._answer:  # the rest of it
            read = self.terminal.read(1.0)
            self._answer += read or b""
        checks.no_traceback(self._answer)
        return read != b""

    def shows(self, text: str) -> None:
        """Wait until the program has written a text since something was sent last."""
        end, written = monotonic() + PATIENCE, self._answer
        while text not in checks.plain(written):
            assert monotonic() < end, f"{text!r} is not written:\n{checks.plain(written)}"
            self._answer = b""
            assert self.reads(0.05), f"the program ended before it wrote {text!r}"
            written = written[-LONGEST:] + self._answer

    def answers(self) -> None:
        """See that the program answers keys, back in the simulator."""
        for size in ((100, 30), (120, 40)):
            self.terminal.resize(*size)
        for _ in range(MOST_OPEN):
            self.press("esc")
            self.reads(0.03)  # apart, or two would be one key
        self.press("?")
        self.shows(HELP)
        self.press("esc")
        self.shows(READY)

    def ends(self, end: str | signal.Signals) -> None:
        """End the program, and see that it left terminal and files as they should be."""
        if isinstance(end, str):
            self.press(end)
        else:
            self.terminal.kill(end)
        last = monotonic() + PATIENCE
        while self.reads(0.05):
            assert monotonic() < last, f"it does not end by {end}"
        assert self.terminal.wait(PATIENCE) == ENDS[end], f"ended with status {self.terminal.status} by {end}"
        checks.terminal_is_clean(self.terminal.raw)
        checks.exports_are_whole(self.exports)
        assert self.kept == [] or ENDS[end], "a run was left behind by a program that was quit"

    @property
    def kept(self) -> list[Path]:
        """The runs that programs of this home left behind, every one of which opens."""
        runs = sorted((self.state / "gradstep" / "running").glob("*.gradstep"))
        for run in runs:
            open_run(run)
        return runs


def weather(seed: int, scenario: str, keys: int, end: str | signal.Signals | None = None) -> None:
    """Let one storm go over a scenario; raises AssertionError with its seed and last events.

    end: what ends the program in the midst of it; else it has to answer afterwards, and is ended in any way.
    """
    with tempfile.TemporaryDirectory(prefix="gradstep-faults-") as name:
        monkey = Monkey(Path(name), *gradstep(scenario))
        try:
            with monkey.running():
                for event in storm(seed, keys):
                    assert monkey.meets(event), "the program ended unasked"
                if end is None:
                    monkey.answers()
                monkey.ends(end or Random(seed).choice(list(ENDS)))
        except AssertionError as error:
            last = ", ".join(map(str, monkey.last))
            again = f"python -m tests.faults --keys {keys} --seed {seed} --scenario {scenario}"
            raise AssertionError(f"{error}\nafter these last events:\n{last}\nto repeat it: {again}") from error
