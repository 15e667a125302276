"""The budgets of the screen, measured in a real pseudo-terminal, and of playing and going."""

from __future__ import annotations

import os
import re
import resource
import select
import sys
import time

from nncore.timeline import Timeline
from scenarios.file.loader import load
from scenarios.runs.build import build
from tests.bench.timing import percentile, row
from tests.terminal import Terminal, gradstep

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
    bare = min(_first_frame([sys.executable, "-c", BARE], "bare is up") for _ in range(5))
    for arguments, sign in (((), "type to filter"), (("disc-depth",), "paused")):
        own = min(_first_frame(gradstep(*arguments), sign) for _ in range(5))
        name = " ".join(("gradstep", *arguments))
        row(
            f"launch: {name} to its first frame", f"{own:.3f} s = {own / bare:.2f} × bare", "< 2 × bare", own < 2 * bare
        )


def _first_frame(argv: list[str], sign: str) -> float:
    with Terminal(argv) as terminal:
        terminal.wait_for(sign)
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
    with Terminal(gradstep("disc-depth")) as terminal:
        terminal.wait_for("paused")
        terminal.pump(0.5)
        times = []
        for step in range(1, 61):
            terminal.press("n")
            times.append(_painted(terminal, rf"step {step} "))
            _drain(terminal, 0.12)
        median, slow = percentile(times, 0.5) * 1e3, percentile(times, 0.95) * 1e3
        row(
            "key n to painted screen, 120×40, all panes",
            f"{median:.1f} ms, 95 %: {slow:.1f}",
            "≤ 20, 33 ms",
            median <= 20 and slow <= 33,
        )
        terminal.press("+", "+", "+", "+", "space")
        _drain(terminal, 0.5)
        times = []
        for turn in range(20):
            terminal.press("-" if turn % 2 == 0 else "+")
            times.append(_painted(terminal, "1000/s" if turn % 2 == 0 else "flat out"))
            _drain(terminal, 0.05)
        median, slow = percentile(times, 0.5) * 1e3, percentile(times, 0.95) * 1e3
        row("key while playing flat out", f"{median:.1f} ms, 95 %: {slow:.1f}", "≤ 50 ms", median <= 50)


def _drain(terminal: Terminal, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        terminal.pump(0.005)


def _playing() -> None:
    timelines = [Timeline(lane) for lane in build(load("disc-depth"))]
    begin = time.perf_counter()
    for timeline in timelines:
        timeline.state_at(3000)
    headless = 3000 / (time.perf_counter() - begin)
    with Terminal(gradstep("disc-depth")) as terminal:
        terminal.wait_for("paused")
        _drain(terminal, 0.5)
        terminal.press("+", "+", "+", "+")
        _drain(terminal, 0.3)
        begin = time.perf_counter()
        terminal.press("space")
        _painted(terminal, "step 3000 ")
        shown = 3000 / (time.perf_counter() - begin)
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
