"""Tables as TOML text the way people write it: one line a key, one line a row, inner tables inline.

JSON's strings, numbers, booleans and arrays of them are TOML's as well; this adds keys and tables. Inner tables
of matrices stand below, under a header of their own.
"""

from __future__ import annotations

from typing import Any

from scenarios.file.toml_inline import inline, inline_key


def toml_text(table: dict[str, Any]) -> str:
    """The text of a table of finite numbers, texts, booleans, arrays and tables."""
    plain = {key: value for key, value in table.items() if not _is_table(value)}
    parts = [_lines(plain)]
    for key, value in table.items():
        if _is_table(value):
            single = isinstance(value, dict)
            header, tables = (f"[{inline_key(key)}]", [value]) if single else (f"[[{inline_key(key)}]]", value)
            for inner in tables:
                parts.append(f"{header}\n{_lines({name: kept for name, kept in inner.items() if not _is_wide(kept)})}")
                wide = {name: kept for name, kept in inner.items() if _is_wide(kept)}
                parts += [f"[{inline_key(key)}.{inline_key(name)}]\n{_lines(kept)}" for name, kept in wide.items()]
    return "\n".join(parts)


def _is_table(value: Any) -> bool:
    """Whether a value is a table, or an array of tables."""
    return isinstance(value, dict) or (isinstance(value, list) and value != [] and isinstance(value[0], dict))


def _is_wide(value: Any) -> bool:
    """Whether a value is a table of matrices."""
    matrices = value.values() if isinstance(value, dict) else ()
    return any(isinstance(matrix, list) and matrix != [] and isinstance(matrix[0], list) for matrix in matrices)


def _lines(table: dict[str, Any]) -> str:
    return "".join(f"{inline_key(key)} = {_top(value)}\n" for key, value in table.items())


def _top(value: Any) -> str:
    """A value that stands on lines of its own."""
    if isinstance(value, str) and "\n" in value:
        return '"""\n' + "\n".join(inline(line)[1:-1] for line in value.split("\n")) + '"""'
    if isinstance(value, list) and value and isinstance(value[0], list | dict):
        return "[\n" + "".join(f"    {inline(row)},\n" for row in value) + "]"
    return inline(value)
