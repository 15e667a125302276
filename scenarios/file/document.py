"""A scenario file as a tree of TOML values, and errors that name the place in it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, TypeVar

import msgspec

from scenarios.errors import ScenarioError, quoted
from scenarios.file.refusals import Path, explain
from scenarios.file.toml_reader import MAX_DEPTH, TomlError, read_toml_text

_KEY = re.compile(r"[\w\[\],. -]+")
_ID = re.compile(r"\w{1,40}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

T = TypeVar("T")


@dataclass(frozen=True)
class Document:
    """A file's name as it was given, the folder that it may read from, and its top table.

    defaulted: the (lane, key) pairs that a lane has from `[defaults]`. own: names of files that the user gave beside
    the file, which may stand anywhere. watch: is told how much of a file of samples is read.
    """

    file: str
    folder: FilePath
    table: dict[str, Any]
    defaulted: frozenset[tuple[int, str]] = frozenset()
    own: frozenset[str] = frozenset()
    watch: Callable[[int, int], object] | None = None

    def error(self, path: Path, message: str) -> ScenarioError:
        """The error at a path; what a lane has from `[defaults]` is named there."""
        if path[:1] == ("lanes",) and path[1:3] in self.defaulted:
            message += f" (in {self.key(path[:2])})"
            path = ("defaults", *path[2:])
        return ScenarioError(self.file, self.key(path), message)

    def key(self, path: Path) -> str:
        """A path as text, with lanes by their id: `lanes.deep.hidden[1]`."""
        text = ""
        value: Any = self.table
        for step in path:
            value = value[step] if _has(value, step) else None
            if isinstance(step, str):
                text += f".{step}" if text else step
            elif text == "lanes" and _has(value, "id") and _ID.fullmatch(str(value["id"])):
                text += f".{value['id']}"
            else:
                text += f"[{step}]"
        return text

    def at(self, path: Path) -> Any:
        """The value at a path, which must be there."""
        value: Any = self.table
        for step in path:
            value = value[step]
        return value

    def convert(self, value: Any, type_: type[T], path: Path) -> T:
        """The value at a path as a type of the schema; raises ScenarioError."""
        try:
            return msgspec.convert(value, type_)
        except msgspec.ValidationError as error:
            below, message = explain(error, value, type_)
            raise self.error((*path, *below), message) from None


def _has(value: Any, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


def read_toml(content: bytes, file: str) -> dict[str, Any]:
    """The top table of a TOML file; raises ScenarioError for any bytes that are none."""
    try:
        return read_toml_text(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ScenarioError(file, "", f"not UTF-8 text (at line {line})") from None
    except TomlError as error:
        raise ScenarioError(file, "", str(error)) from None


def refuse_impossible(document: Document) -> None:
    """Raise ScenarioError for what no key allows: nan, inf, long integers, control characters, deep nesting."""
    _refuse_inside(document, (), document.table)


def _refuse_inside(document: Document, path: Path, inside: dict[str, Any] | list[Any]) -> None:
    """Refuse what is in a table or an array, in the order of the file."""
    if len(path) > MAX_DEPTH:
        raise document.error(path[:2], f"nested more than {MAX_DEPTH} deep")
    for name in inside if isinstance(inside, dict) else ():
        if not _KEY.fullmatch(name):
            raise document.error(path, f"unknown key {quoted(name)}")
    items: Iterable[tuple[str | int, Any]] = inside.items() if isinstance(inside, dict) else enumerate(inside)
    for key, value in items:
        if isinstance(value, dict | list):
            _refuse_inside(document, (*path, key), value)
        elif isinstance(value, float) and not math.isfinite(value):
            raise document.error((*path, key), f"found {value}; allowed: finite numbers")
        elif isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise document.error((*path, key), "found an integer of more than 64 bits; allowed: at most 64")
        elif isinstance(value, str) and (character := _CONTROL.search(value)):
            raise document.error((*path, key), f"found the control character {character[0]!a}; allowed: text")
