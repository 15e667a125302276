"""The budgets of the screen, measured in a real pseudo-terminal, and of playing and going."""

from __future__ import annotations

import os
import re
import resource
import select
import sys
import time
from tempfile import TemporaryDirectory

from nncore.timeline import Timeline
from scenarios.file.catalog import library_course
from scenarios.file.loader import load
from scenarios.runs.build import build
from tests.bench.timing import percentile, row
from tests.terminal import Terminal, gradstep

QUIET_SECONDS = 0.06
BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("bare is up")
Bare().run()
"""


def run() -> None:
    """Print launch, keys, playing, going and memory."""
    _launch()
    _keys()
    _playing()
    _going()


def _launch() -> None:
    with TemporaryDirectory() as state:  # of a learner who left nothing behind; bytecode as an installation has it
        env = {"XDG_STATE_HOME": state, "PYTHONDONTWRITEBYTECODE": ""}
        bare = min(_first_frame([sys.executable, "-c", BARE], b"bare is up", env) for _ in range(5))
        ways = [("", b"ype to filter", 1.5), *((name, b"paused", 2.0) for name in _library())]
        own = [
            (min(_first_frame(gradstep(*name.split()), sign, env) for _ in range(3)) / bare, name, most)
            for name, sign, most in ways
        ]
    for ratio, name, most in (own[0], max(own[1:])):
        words = f"launch: gradstep {name}, the slowest lesson" if name else "launch: the picker"
        row(words, f"{ratio:.2f} × bare ({bare:.3f} s)", f"≤ {most} × bare", ratio <= most)


def _library() -> list[str]:
    return [lesson.name for lesson in library_course().lessons]


def _first_frame(argv: list[str], sign: bytes, env: dict[str, str]) -> float:
    """Seconds to a frame that holds some bytes, which are read as they are."""
    with Terminal(argv, env=env) as terminal:
        _painted(terminal, sign.decode())
        return time.perf_counter() - terminal.started


def _painted(terminal: Terminal, pattern: str) -> float:
    """Seconds until a frame that holds a pattern has come; the bytes are read as they are, as drawing them costs."""
    begin, expression, data = time.perf_counter(), re.compile(pattern.encode()), b""
    while not expression.search(data):
        if time.perf_counter() - begin > 20:
            raise AssertionError(f"no {pattern!r} in {data[-2000:]!r}")
        if select.select([terminal.file], [], [], 0.05)[0]:
            data += os.read(terminal.file, 1 << 16)
    return time.perf_counter() - begin


def _keys() -> None:
    steady = [name for name in _library() if not set(load(name).panes) & {"curvature", "landscape"}]  # those follow
    slowest = max((*key_times(name), name) for name in steady)
    median, late, name = slowest
    row(
        f"key n to the last byte of its frame, 120×40: {name}, the slowest",
        f"{median:.1f} ms, 95 %: {late:.1f}",
        "≤ 20, 33 ms",
        median <= 20 and late <= 33,
    )
    with Terminal(gradstep("disc-depth")) as terminal:
        terminal.wait_for("paused")
        terminal.press("G", "+", "+", "+", "+", "space")
        _drain(terminal, 0.5)
        times = []
        for turn in range(20):
            terminal.press("-" if turn % 2 == 0 else "+")
            times.append(_painted(terminal, "1000/s" if turn % 2 == 0 else "flat out"))
            _drain(terminal, 0.05)
        median, slow = percentile(times, 0.5) * 1e3, percentile(times, 0.95) * 1e3
        row("key while playing flat out", f"{median:.1f} ms, 95 %: {slow:.1f}", "≤ 50 ms", median <= 50)


def key_times(name: str) -> tuple[float, float]:
    """Milliseconds from a key to the last byte that it makes the app write, with the scenario's own panes."""
    with Terminal(gradstep(name)) as terminal:
        terminal.wait_for("paused")
        terminal.press("G")
        _drain(terminal, 1.0)
        times = [_last_byte(terminal, "n") for _ in range(33)][3:]
    return percentile(times, 0.5) * 1e3, percentile(times, 0.95) * 1e3


def _last_byte(terminal: Terminal, key: str) -> float:
    """Seconds until the last byte before a pause of QUIET_SECONDS."""
    begin = last = time.perf_counter()
    terminal.press(key)
    while select.select([terminal.file], [], [], QUIET_SECONDS)[0]:
        os.read(terminal.file, 1 << 16)
        last = time.perf_counter()
    return last - begin


def _drain(terminal: Terminal, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        terminal.pump(0.005)


def _playing() -> None:
    scenario = load("disc-depth")
    timelines = [Timeline(lane) for lane in build(scenario)]
    begin = time.perf_counter()
    for timeline in timelines:
        timeline.state_at(scenario.steps)
    headless = scenario.steps / (time.perf_counter() - begin)
    with Terminal(gradstep("disc-depth")) as terminal:
        terminal.wait_for("paused")
        _drain(terminal, 0.5)
        terminal.press("G", "+", "+", "+", "+")
        _drain(terminal, 0.3)
        begin = time.perf_counter()
        terminal.press("space")
        _painted(terminal, f"step {scenario.steps} ")
        shown = scenario.steps / (time.perf_counter() - begin)
    share = shown / headless
    figures = f"{shown:.0f} of {headless:.0f} steps/s = {share:.0%}"
    row("playing disc-depth flat out with the screen on", figures, "≥ 70 % of headless", share >= 0.7)


def _going() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lane = min(build(load("disc-depth")), key=lambda lane: lane.model.parameter_count)
    timeline = Timeline(lane)
    timeline.state_at(1_000_000)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    row("memory of a million steps", f"{grown:.0f} MB more", "< 60 MB", grown < 60)
    times = []
    for step in (1, 123_457, 999_999, 500_001, 777_777, 31_415):
        begin = time.perf_counter()
        timeline.state_at(step)
        times.append(time.perf_counter() - begin)
    slowest = max(times) * 1e3
    row("go to any step of a million", f"slowest {slowest:.0f} ms", "≤ 200 ms", slowest <= 200)
