"""What `--vary KEY=V1,V2,…` means: values listed, or ranges `a..b:n` and `a..b:n:log`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from scenarios.errors import ScenarioError, quoted
from scenarios.file.overrides import parse_override, toml_value

MAX_VALUES = 1_000
"""How many values a key may be given."""

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_RANGE = re.compile(rf"({_NUMBER})\.\.({_NUMBER}):(\d+)(?::(\w+))?")
_BEGUN = re.compile(rf"{_NUMBER}\.\..*")
_ALLOWED = "allowed: KEY=V1,V2,…, or KEY=a..b:n and KEY=a..b:n:log for n values from a to b"
_CLOSING = {"[": "]", "{": "}"}
_DIGITS = 12


@dataclass(frozen=True)
class Varied:
    """A key and the values it is given one after the other, each a text as `--set KEY=VALUE` takes it."""

    key: str
    texts: tuple[str, ...]

    @property
    def values(self) -> tuple[Any, ...]:
        """What the texts mean: TOML values, else texts."""
        return tuple(map(toml_value, self.texts))


def parse_varied(text: str) -> Varied:
    """Read KEY=V1,V2,…; raises ScenarioError."""
    source = f"--vary {text}"
    key, equals, given = text.partition("=")
    if not equals or not given.strip():
        raise ScenarioError(source, "", _ALLOWED)
    key = ".".join(_path(source, key))
    if key == "seed":
        raise ScenarioError(source, "", "seeds are varied with --seeds K")
    texts: list[str] = []
    for part in _parts(source, given):
        texts += _range(source, part) if _BEGUN.fullmatch(part) else [part]
        if len(texts) > MAX_VALUES:
            raise ScenarioError(source, "", f"found more than {MAX_VALUES:,} values")
    varied = Varied(key, tuple(texts))
    values = varied.values
    for place, value in enumerate(values):
        if value in values[:place]:
            raise ScenarioError(source, "", f"{quoted(texts[place])} stands there twice")
    return varied


def _path(source: str, key: str) -> Sequence[str]:
    try:
        return parse_override(f"{key}=0").path
    except ScenarioError:
        raise ScenarioError(source, "", _ALLOWED) from None


def _parts(source: str, text: str) -> Iterator[str]:
    """What stands between commas, those in brackets and quotation marks aside."""
    part, open_ones, quote = "", "", ""
    for char in text:
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in _CLOSING:
            open_ones += char
        elif open_ones and char == _CLOSING[open_ones[-1]]:
            open_ones = open_ones[:-1]
        elif char == "," and not open_ones:
            yield _full(source, part)
            part = ""
            continue
        part += char
    if quote or open_ones:
        raise ScenarioError(source, "", f"{quote or open_ones[-1]} is not closed")
    yield _full(source, part)


def _full(source: str, part: str) -> str:
    if not part.strip():
        raise ScenarioError(source, "", f"found an empty value; {_ALLOWED}")
    return part.strip()


def _range(source: str, part: str) -> list[str]:
    """The values of a range, its ends as they were given; whole numbers where all of them are."""
    found = _RANGE.fullmatch(part)
    if not found or found[4] not in (None, "log"):
        raise ScenarioError(source, "", f"found {quoted(part)}; {_ALLOWED}")
    low, high, count = float(found[1]), float(found[2]), int(found[3])
    if not 2 <= count <= MAX_VALUES:
        raise ScenarioError(source, "", f"found {found[3][:20]} values in {quoted(part)}; allowed: 2 to {MAX_VALUES:,}")
    if not (isfinite(low) and isfinite(high)) or low == high:
        raise ScenarioError(source, "", f"found {quoted(part)}; allowed: two different numbers")
    if found[4] and not (low > 0 and high > 0):
        raise ScenarioError(source, "", f"found {quoted(part)}; allowed with log: numbers greater than 0")
    inner = (np.geomspace if found[4] else np.linspace)(low, high, count)[1:-1]
    values = [float(f"{value:.{_DIGITS}g}") for value in inner]
    whole = all(re.fullmatch(r"[+-]?\d+", end) for end in found.groups()[:2])
    if whole and all(value.is_integer() for value in values):
        return [str(int(value)) for value in (low, *values, high)]
    return [_number(found[1]), *map(repr, values), _number(found[2])]


def _number(text: str) -> str:
    """A number as it is written, if TOML writes it so too."""
    return text if isinstance(toml_value(text), (int, float)) else repr(float(text))
