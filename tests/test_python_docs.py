"""The Python interface is as docs/python.md has it: its snippets run and print what stands there, its names exist."""

import inspect
import re
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path

import pytest

from nncore.timeline import Timeline
from nncore.training import Trainer
from scenarios.file.loader import load
from scenarios.runs.build import build

TEXT = (Path(__file__).parents[1] / "docs" / "python.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"^```python\n(.*?)^```$(?:\n^```text\n(.*?)^```$)?", TEXT, re.MULTILINE | re.DOTALL)
ROWS = re.findall(r"^\| `([\w.]+)` \| (.+) \|$", TEXT, re.MULTILINE)
(LANE,) = build(load("by-hand"))
MADE = {"Trainer": Trainer(LANE), "Timeline": Timeline(LANE)}
"""Objects whose attributes are set as they are made."""


def test_every_snippet_runs_and_prints_what_stands_below_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert len(SNIPPETS) == TEXT.count("```python") > 10
    inside = {}
    for code, printed in SNIPPETS:
        exec(compile(code, "docs/python.md", "exec"), inside)
        assert capsys.readouterr().out == printed


@pytest.mark.parametrize(("name", "has"), ROWS)
def test_what_is_promised_is_there(name, has):
    module, _, what = name.rpartition(".")
    promised = getattr(import_module(module), what)
    known = {one.name for one in fields(promised)} if is_dataclass(promised) else set()
    known |= {*dir(promised), *dir(MADE.get(what)), *inspect.signature(promised).parameters}
    for code in re.findall(r"`([^`]+)`", has):
        called, bracket, arguments = code.partition("(")
        assert called == what or called in known, code
        if bracket:
            function = promised if called == what else getattr(promised, called)
            own = [argument.partition("=")[0].strip() for argument in arguments.rstrip(")").split(",") if argument]
            assert [one for one in inspect.signature(function).parameters if one != "self"][: len(own)] == own, code


def test_all_that_the_snippets_import_is_promised():
    imported = re.findall(r"^from ((?:nncore|scenarios)[\w.]*) import (\w+)$", TEXT, re.MULTILINE)
    assert len(imported) > 8
    assert {f"{module}.{name}" for module, name in imported} <= {name for name, _ in ROWS}
