"""Says in words why a value does not fit its type in the schema: what was found, what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec import inspect

from scenarios.errors import nearest, quoted

Path = tuple[str | int, ...]

_PLACE = re.compile(r" - at `\$([^`]*)`$")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_MEANT = {
    "lr": ("learning_rate", "optimizer.learning_rate"),
    "learning_rate": ("optimizer.learning_rate",),
    "momentum": ("optimizer.momentum",),
    "weight_decay": ("l2",),
    "layers": ("hidden",),
    "epochs": ("steps",),
}
"""Keys that other programs have, and what they are called here."""


def explain(error: msgspec.ValidationError, value: Any, type_: Any) -> tuple[Path, str]:
    """The path below `value` of what msgspec refused as no `type_`, and why."""
    expected, path = inspect.type_info(type_), tuple(_steps(error))
    for depth, step in enumerate(path):
        if isinstance(step, int):
            expected = _item(expected, step)
        else:
            table = _table(expected, value)
            if table is None:  # the key that tells tables apart
                return path[: depth + 1], _unfit(value[step], _tags(expected))
            expected = next(field.type for field in table.fields if field.encode_name == step)
        value = value[step]
    if isinstance(value, dict) and (tables := _tables(expected)):
        table = _table(expected, value)
        if table is None:
            return (*path, str(tables[0].tag_field)), _missing(_tags(expected))
        key, message = _wrong_key(value, table)
        return (*path, key), message
    return path, _unfit(value, expected)


def unknown_key(key: str, known: Sequence[str]) -> str:
    """The message for a key that a table does not have."""
    here = [name for name in _MEANT.get(key, ()) if name.split(".")[0] in known]
    hint = f"; did you mean {quoted(here[0])}?" if here else nearest(key, known)
    return f"unknown key; allowed: {', '.join(known)}{hint}"


def _found(value: Any, expected: inspect.Type) -> str:
    """A value as a message has it: of a text that is too long, how long it is."""
    if isinstance(value, str) and any(isinstance(one, inspect.StrType) for one in _alternatives(expected)):
        return f"text of {len(value):,} characters" if value else "empty text"
    return show(value)


def show(value: Any) -> str:
    """A value of a TOML file, briefly."""
    match value:
        case str():
            return quoted(value)
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case list():
            return f"an array of {len(value)}"
        case dict():
            return "a table"
    return f"{type(value).__name__} {value}"


def _steps(error: msgspec.ValidationError) -> Iterator[str | int]:
    place = _PLACE.search(str(error))
    for name, index in _STEP.findall(place[1] if place else ""):
        yield name or int(index)


def _alternatives(expected: inspect.Type) -> tuple[inspect.Type, ...]:
    return expected.types if isinstance(expected, inspect.UnionType) else (expected,)


def _tables(expected: inspect.Type) -> list[inspect.StructType]:
    return [one for one in _alternatives(expected) if isinstance(one, inspect.StructType)]


def _table(expected: inspect.Type, value: dict[str, Any]) -> inspect.StructType | None:
    """The kind of table that a value is meant to be, if it can be told."""
    tables = _tables(expected)
    if len(tables) == 1 and tables[0].tag_field is None:
        return tables[0]
    return next((one for one in tables if value.get(str(one.tag_field)) == one.tag), None)


def _item(expected: inspect.Type, index: int) -> inspect.Type:
    for one in _alternatives(expected):
        if isinstance(one, inspect.ListType):
            return one.item_type
        if isinstance(one, inspect.TupleType):
            return one.item_types[index]
    return inspect.AnyType()


def _tags(expected: inspect.Type) -> inspect.Type:
    return inspect.LiteralType(tuple(one.tag for one in _tables(expected)))


def _wrong_key(value: dict[str, Any], table: inspect.StructType) -> tuple[str, str]:
    known = [table.tag_field] if table.tag_field else []
    known += [field.encode_name for field in table.fields]
    for key in value:
        if key not in known:
            return key, unknown_key(key, known)
    absent = next(field for field in table.fields if field.required and field.encode_name not in value)
    return absent.encode_name, _missing(absent.type)


def _missing(expected: inspect.Type) -> str:
    return f"missing; allowed: {_describe(expected)}"


def _unfit(value: Any, expected: inspect.Type) -> str:
    names = [
        name
        for one in _alternatives(expected)
        if isinstance(one, inspect.LiteralType)
        for name in one.values
        if isinstance(name, str)
    ]
    hint = nearest(value, names) if isinstance(value, str) else ""
    return f"found {_found(value, expected)}; allowed: {_describe(expected)}{hint}"


def _describe(expected: inspect.Type) -> str:
    match expected:
        case inspect.UnionType(types=types):
            return " or ".join(dict.fromkeys(map(_describe, types)))
        case inspect.LiteralType(values=values):
            return ", ".join(quoted(value) if isinstance(value, str) else str(value) for value in values)
        case inspect.IntType():
            return f"an integer{_range(expected)}"
        case inspect.FloatType():
            return f"a number{_range(expected)}"
        case inspect.StrType():
            return f"text{_characters(expected)}"
        case inspect.BoolType():
            return "true or false"
        case inspect.ListType(item_type=item):
            return f"an array{_length(expected)}, each {_describe(item)}"
        case inspect.TupleType(item_types=items):
            return f"an array of {len(items)}, each {_describe(items[-1])}"
    return "a table"


def _range(number: inspect.IntType | inspect.FloatType) -> str:
    bounds = [
        f"{word} {bound:,.16g}"
        for word, bound in (
            ("at least", number.ge),
            ("above", number.gt),
            ("at most", number.le),
            ("below", number.lt),
        )
        if bound is not None
    ]
    return f", {' and '.join(bounds)}" if bounds else ""


def _characters(text: inspect.StrType) -> str:
    if text.max_length is None:
        return ""
    return f" of {text.min_length or 0:,} to {text.max_length:,} characters"


def _length(array: inspect.ListType) -> str:
    if array.max_length is None:
        return ""
    least = f"{array.min_length:,} to " if array.min_length else "at most "
    return f" of {least}{array.max_length:,}"
