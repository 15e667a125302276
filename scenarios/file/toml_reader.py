"""Reads TOML in bounded time: how much there is of what takes long is counted before anything is parsed.

Long arrays of numbers, as in a scenario with its samples in it, are JSON too and read as such, which is twenty
times as fast; the parser gets something short in the place of each.
"""

from __future__ import annotations

import re
import tomllib
from secrets import token_hex
from typing import Any

import msgspec

MAX_FILE_BYTES = 64 * 2**20
MAX_TEXT = 2**20
MAX_DEPTH = 32
MAX_KEY_PARTS = 100
MAX_NUMBERS = 5_000_000
MAX_ROWS = 1_100_000

_LONG = 200
_PART = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"?|'[^'\n]*+'?)"""
_NUMBERS = r"\[[-+0-9.eE, \t\n]*+\]"
_TOKEN = re.compile(
    rf'''
      (?P<string>"""(?:[^"\\]++|\\.|"(?!""))*+"{{0,5}}|\'\'\'(?:[^']++|'(?!\'\'))*+'{{0,5}}|\#[^\n]*+)
    | (?P<key>{_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MAX_KEY_PARTS},}}+)
    | (?P<part>{_PART})
    | (?P<array>{_NUMBERS}|\[\s*+(?:{_NUMBERS}\s*+,?\s*+)++\])
    | (?P<space>\s++)
    | (?P<other>.)
    ''',
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_INSTEAD = "samples may stand in a CSV file"
_LAST_COMMA = re.compile(r"([0-9\]]\s*),(\s*\])")


class TomlError(ValueError):
    """Why a text is not read as TOML."""


def read_toml_text(text: str) -> dict[str, Any]:
    """The top table of a text; raises TomlError, also for more than what can be read in a few seconds."""
    rest, arrays, mark = _without_long_arrays(text.replace("\r\n", "\n"))
    try:
        table = tomllib.loads(rest)
    except tomllib.TOMLDecodeError as error:
        raise TomlError(f"not TOML: {error}") from None
    except RecursionError:
        raise TomlError(f"nested more than {MAX_DEPTH} deep") from None
    except ValueError:
        raise TomlError("found an integer with thousands of digits; allowed: 64 bits") from None
    _put_back(table, arrays, mark)
    return table


def _without_long_arrays(text: str) -> tuple[str, list[Any], str]:
    """The text with a mark and a number in place of each long array that is a value, the arrays, and the mark."""
    arrays: list[Any] = []
    mark, parts = token_hex(8), []
    done, left, rows, numbers, before = 0, MAX_TEXT, 0, 0, ""
    for token in _TOKEN.finditer(text):
        kind, start, end = token.lastgroup, token.start(), token.end()
        if kind == "key":
            raise TomlError(f"line {text.count(chr(10), 0, start) + 1}: a key of more than {MAX_KEY_PARTS} parts")
        if kind == "array" and before == "=" and end - start >= _LONG:
            rows, numbers = rows + token[0].count("["), numbers + token[0].count(",")
            if rows > MAX_ROWS or numbers > MAX_NUMBERS:
                raise TomlError(f"arrays of more than {MAX_NUMBERS:,} numbers or {MAX_ROWS:,} rows; {_INSTEAD}")
            array = _as_json(token[0])
            if array is not None:
                parts += [text[done:start], f'["{mark}", {len(arrays)}', "\n" * token[0].count("\n"), "]"]
                arrays.append(array)
                done = end
                continue
        left -= end - start
        if left < 0:
            raise TomlError(f"more than {MAX_TEXT >> 20} MiB besides long arrays of numbers; {_INSTEAD}")
        if kind != "space":
            before = token[0]
    return "".join([*parts, text[done:]]), arrays, mark


def _as_json(array: str) -> list[Any] | None:
    """An array of numbers that is one in JSON too, but for a last comma; None for any other."""
    try:
        return msgspec.json.decode(_LAST_COMMA.sub(r"\1\2", array), type=list[int | float | list[int | float]])
    except msgspec.DecodeError:
        return None


def _put_back(table: dict[str, Any], arrays: list[Any], mark: str) -> None:
    pending: list[Any] = [table]
    while pending and arrays:
        inside = pending.pop()
        for key, value in list(inside.items() if isinstance(inside, dict) else enumerate(inside)):
            if isinstance(value, list) and len(value) == 2 and value[0] == mark:
                inside[key] = arrays[value[1]]
            elif isinstance(value, list | dict):
                pending.append(value)
