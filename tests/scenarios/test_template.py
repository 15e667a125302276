"""The scenario that `gradstep new` writes: it is right, says everything, and its claim holds."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from nncore.kinds import KINDS
from scenarios import schema
from scenarios.claims import verify
from scenarios.loader import load
from scenarios.quantities import QUANTITIES

TEMPLATE = Path(schema.__file__).with_name("template.toml")
TEXT = TEMPLATE.read_text(encoding="utf-8")


def names(type_: object) -> set[str]:
    """The keys of a table of the schema."""
    return {field.encode_name for field in msgspec.structs.fields(type_)}  # type: ignore[arg-type]


def test_it_is_a_scenario_whose_claims_hold() -> None:
    assert all(result.passed for result in verify(load(str(TEMPLATE))))


TABLES = [schema.ScenarioFile, schema.LaneTable, schema.FunctionTable, schema.ClaimTable, schema.PredictTable]
KEYS = {key for table in TABLES for key in names(table)}
CHOICES = [schema.ActivationName, schema.OutputName, schema.LossName, schema.InitName, schema.PaneName]
WORDS = {word for choice in CHOICES for word in choice.__args__}


@pytest.mark.parametrize("word", sorted(KEYS | WORDS | set(KINDS) | set(QUANTITIES)))
def test_it_names_every_key_choice_kind_and_quantity(word: str) -> None:
    assert re.search(rf"\b{word}\b", TEXT)
