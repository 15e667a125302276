"""How commands print: text set out by rich, one JSON object, and progress on a terminal's stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from scenarios.quantities.definitions import Number
from tui.render import numbers

_WIDTH_OF_A_FILE = 110


class _Console(Console):
    """A console that leaves a closed pipe to the command."""

    def on_broken_pipe(self) -> None:
        raise


def console() -> Console:
    """Where text for people goes: as wide as the terminal, or as a file may be."""
    width = None if sys.stdout.isatty() else _WIDTH_OF_A_FILE
    return _Console(width=width, markup=False, highlight=False, emoji=False)


def print_json(value: dict[str, Any]) -> None:
    """Print one JSON object; raises ValueError for NaN and infinities, which JSON does not have."""
    print(json.dumps(value, indent=2, allow_nan=False))


def grid(columns: int) -> Table:
    """A table without lines, its first column to the left and the others to the right."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 3, 0, 0))
    for column in range(columns):
        table.add_column(justify="right" if column else "left", overflow="fold")
    return table


def shown(value: Number) -> str:
    """A number in four significant digits, a whole one in full, or "-" for none."""
    return numbers.count(value) if isinstance(value, int) else numbers.number(value, missing="-").strip()


def spread(values: Sequence[Number]) -> str:
    """The median and the range of numbers over seeds, and for how many there is none."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return "-"
    missing = f" ({len(values) - len(known)} none)" if len(known) < len(values) else ""
    if known[0] == known[-1]:
        return shown(known[0]) + missing
    return f"{shown(median(known))} [{shown(known[0])}, {shown(known[-1])}]{missing}"


@contextmanager
def progress(total: int, what: str) -> Iterator[Callable[[int], object]]:
    """A bar on stderr, moved on by what the function is called with; none where stderr is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    bar = Progress(
        *columns, console=Console(stderr=True, markup=False), transient=True, disable=not sys.stderr.isatty()
    )
    with bar:
        task = bar.add_task(what, total=total)
        yield lambda steps: bar.advance(task, steps)
