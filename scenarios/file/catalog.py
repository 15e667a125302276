"""The library at a glance: what a list of scenarios shows, read without checking or drawing anything."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

LIBRARY = Path(__file__).parents[1] / "library"


@dataclass(frozen=True)
class Entry:
    """A library scenario's name, heading and text."""

    name: str
    title: str
    question: str
    lesson: str
    text: str


def catalog() -> list[Entry]:
    """Every scenario of the library, lesson by lesson."""
    return sorted(map(_entry, LIBRARY.glob("*.toml")), key=lambda entry: (entry.lesson, entry.name))


def _entry(file: Path) -> Entry:
    """Read from what stands above the first table, which is most of the work of reading a file saved."""
    table = tomllib.loads(file.read_text(encoding="utf-8").partition("\n[")[0])
    return Entry(file.stem, table["title"], table["question"], table["lesson"], table["text"])
