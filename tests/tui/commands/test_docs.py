"""The documents for users name all there is."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from scenarios.expressions.functions import FUNCTIONS
from scenarios.quantities.definitions import ENTRIES, QUANTITIES, VARIABLE, Definition
from tui.commands.parser import add_calls

DOCS = Path(__file__).parents[3] / "docs"
CALLS = add_calls(argparse.ArgumentParser())
OPTIONS = [(name, option) for name, call in CALLS.items() for option in re.findall(r"--\w+", call.format_help())]


@pytest.mark.parametrize("name", [*QUANTITIES, "first_step", *FUNCTIONS])
def test_every_quantity_and_function_is_documented(name: str) -> None:
    assert re.search(rf"`[^`]*\b{name}\b[^`]*`", (DOCS / "quantities.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "definition"), QUANTITIES.items())
def test_every_quantity_is_documented_with_its_meaning(name: str, definition: Definition) -> None:
    rows = re.findall(
        r"^\| `(\w+)[\[`].* \| (.+) \|$", (DOCS / "quantities.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert dict(rows)[name].replace("`", "").startswith(definition.meaning)


@pytest.mark.parametrize("name", CALLS)
def test_every_call_is_documented(name: str) -> None:
    assert f"### `gradstep {name} " in (DOCS / "command.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_every_option_is_documented_with_its_call(name: str, option: str) -> None:
    part = (DOCS / "command.md").read_text(encoding="utf-8").partition(f"### `gradstep {name} ")[2]
    assert option == "--help" or option in part.partition("\n### ")[0]


@pytest.mark.parametrize(("kind", "definition"), ENTRIES.items())
def test_every_entry_is_documented_with_its_meaning(kind: str, definition: Definition) -> None:
    rows = re.findall(r"^\| (`.+`) \| (.+) \|$", (DOCS / "quantities.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert any(re.search(rf"`{kind}2?\[", names) and definition.meaning in means for names, means in rows)


def test_a_function_s_variable_is_documented_with_its_meaning() -> None:
    assert VARIABLE.meaning in (DOCS / "quantities.md").read_text(encoding="utf-8")
