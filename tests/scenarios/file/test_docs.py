"""docs/scenario-file.md names every key, every choice and every default, and its example works."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_type_hints

import pytest
from msgspec import NODEFAULT, UNSET, structs

from nncore.activations import ACTIVATIONS
from nncore.initializers import INITIALIZERS
from nncore.kinds import DISTRIBUTIONS
from nncore.losses import LOSSES
from nncore.optimizers import OPTIMIZERS
from nncore.schedules import SCHEDULES
from scenarios.errors import ScenarioError
from scenarios.file import data_schema, schema
from scenarios.file.guide_table import ACTIONS, MOST_WORDS
from scenarios.file.loader import parse
from scenarios.runs.build import build
from scenarios.runs.claims import verify

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "scenario-file.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```toml\n(.*?)```", TEXT, re.DOTALL)[1]
WITH_LESSON = "\n".join(re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL))
SECTIONS = dict(re.findall(r"^##+ (.*)\n((?:(?!^##).*\n)*)", TEXT, re.MULTILINE))
TABLES = {
    "The top of the file": schema.ScenarioFile,
    "`[data]`": data_schema.DataTable,
    "`kind`": data_schema.Labelled,
    "`expression`": data_schema.ExpressionTable,
    "`points`": data_schema.PointsTable,
    "`csv`": data_schema.CsvTable,
    "`[[lanes]]` and `[defaults]`": schema.LaneTable,
    "Starting values": schema.Init,
    "Edits": schema.EditTable,
    "Functions": schema.FunctionTable,
    "`[[claims]]`": schema.ClaimTable,
    "`[[predict]]`": schema.PredictTable,
    "`[[guide]]`": schema.StageTable,
    "Questions": schema.QuestionTable,
    "Choices": schema.ChoiceTable,
    "What a stage waits for": schema.UntilTable,
    "Places": schema.PlaceTable,
    "`[[quiz]]`": schema.QuizTable,
    "`[[stops]]`": schema.StopTable,
    "`[tally]`": schema.TallyTable,
}
OPTIMIZER = get_type_hints(schema.LaneTable)["optimizer"]
SCHEDULE = get_type_hints(schema.LaneTable)["schedule"]


def rows(section):
    """The rows of a section's tables: what is in the other cells, by what is in the first."""
    lines = re.findall(r"^\|( `.*)\|$", SECTIONS[section], re.MULTILINE)
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)] for line in lines]
    return {first: rest for first, *rest in cells}


def shown(field):
    """A default as the document has it."""
    default = field.default_factory() if field.default_factory is not NODEFAULT else field.default
    if default is NODEFAULT:
        return ""
    if default is UNSET:
        return "none"
    if isinstance(default, schema.Named):
        return f'`{{ name = "{default.__struct_config__.tag}" }}`'
    return "`{}`" if isinstance(default, schema.Table) else f"`{toml(default)}`"


def toml(value):
    return json.dumps(list(value) if isinstance(value, tuple) else value)


@pytest.mark.parametrize("section", TABLES)
def test_every_key_is_documented_with_its_default(section):
    found = {key.strip("`"): rest[0] for key, rest in rows(section).items() if '"' not in key}
    table = TABLES[section]
    for field in structs.fields(table):
        if field.name in found or field.name not in table.__base__.__struct_fields__:
            assert found.pop(field.name) == shown(field), field.name
    assert not found


@pytest.mark.parametrize("section", ["`kind`", "Optimizers", "Schedules"])
def test_tables_with_a_name_are_documented_with_their_keys(section):
    tables = {"`kind`": data_schema.DistributionTable, "Optimizers": OPTIMIZER, "Schedules": SCHEDULE}[section].__args__
    found = {key: rest[0] for key, rest in rows(section).items() if '"' in key}
    for table in tables:
        own = [field for field in structs.fields(table) if field.name not in data_schema.Labelled.__struct_fields__]
        keys = [
            field.name if field.default in (NODEFAULT, UNSET) else f"{field.name} = {toml(field.default)}"
            for field in own
        ]
        assert found.pop(f'`"{table.__struct_config__.tag}"`') == ", ".join(f"`{key}`" for key in keys)
    assert not found


@pytest.mark.parametrize(
    ("choice", "section"),
    [
        ("ActivationName", "`[[lanes]]` and `[defaults]`"),
        ("OutputName", "`[[lanes]]` and `[defaults]`"),
        ("LossName", "Losses"),
        ("InitName", "Starting values"),
    ],
)
def test_every_choice_is_documented(choice, section):
    for name in getattr(schema, choice).__args__:
        assert f'`"{name}"`' in SECTIONS[section]


@pytest.mark.parametrize(
    ("registry", "section"),
    [
        (ACTIVATIONS, "`[[lanes]]` and `[defaults]`"),
        (LOSSES, "Losses"),
        (INITIALIZERS, "Starting values"),
        (OPTIMIZERS, "Optimizers"),
        (SCHEDULES, "Schedules"),
        (DISTRIBUTIONS, "`kind`"),
    ],
)
def test_every_entry_of_a_registry_is_documented(registry, section):
    assert [name for name in registry if f'`"{name}"`' not in SECTIONS[section]] == []


def test_every_pane_is_documented():
    shown_panes = re.findall(r"`(\w+)`", " ".join(rows("The top of the file")["`panes`"]))
    assert shown_panes == list(schema.PaneName.__args__)


def test_every_action_and_thing_of_a_guide_is_documented():
    assert [name for name in ACTIONS if f'`"{name}"`' not in SECTIONS["What a stage waits for"]] == []
    things = ["header", "equation", "timeline", "W2", "b2", "dW2", "db2", "a2", "z2", "delta2", "output"]
    operations = ["batch", "a 1", "z 1", "loss", "delta 1", "dW 1", "db 1", "update 1"]
    assert [name for name in (*things, *operations) if f"`{name}`" not in SECTIONS["Names"]] == []


@pytest.mark.parametrize(
    "limit",
    [
        "MAX_STEPS",
        "MAX_SAMPLES",
        "MAX_PARAMETERS",
        "MAX_WIDTH",
        "MAX_VARIABLES",
        "MAX_STAGES",
        "MAX_QUIZ",
        "MAX_CHOICES",
        "MAX_TITLE",
        "MAX_CHOICE",
        "MAX_STOPS",
        "MAX_STOP_NAME",
        "MAX_TALLIED",
        "MAX_TALLY_NAME",
    ],
)
def test_limits_are_documented(limit):
    assert f"{getattr(schema, limit):,}" in TEXT
    assert f"at most {schema.MAX_LAYERS - 1} layers" in TEXT
    assert f"at most {MOST_WORDS} words" in TEXT


def test_the_example_works():
    scenario = parse(EXAMPLE.encode(), "my.toml", ROOT)
    assert [lane.id for lane in build(scenario)] == ["narrow", "wide"]


def test_the_lesson_that_is_shown_works():
    scenario = parse(WITH_LESSON.encode(), "my.toml", ROOT)
    assert (len(scenario.guide), len(scenario.quiz)) == (3, 1)
    assert all(result.passed for result in verify(scenario))


def test_the_errors_are_those_that_are_shown(tmp_path):
    (tmp_path / "points.csv").write_text("x1,y1\n" + "1,2\n" * 5 + "1,two\n")
    broken = [
        (EXAMPLE.replace("hidden = [32]", 'optimizer = { name = "adam", lr = 1 }'), ()),
        (re.sub(r"(?s)expression.*?\n\n", 'csv = "points.csv"\n\n', EXAMPLE), ()),
        (EXAMPLE, ["steps=many"]),
    ]
    for text, changes in broken:
        with pytest.raises(ScenarioError) as error:
            parse(text.encode(), "my.toml", tmp_path, changes)
        assert str(error.value) in SECTIONS["Errors"].splitlines()


def test_the_schema_for_editors_is_written_by_the_line_that_is_shown():
    code = re.search(r'python -c "(.*?)" >', SECTIONS["In an editor"])[1]
    written = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    assert json.loads(written) == json.loads(json.dumps(data_schema.json_schema()))


def test_inner_links_lead_somewhere():
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in SECTIONS}
    assert set(re.findall(r"\(#([\w-]+)\)", TEXT)) <= anchors
    assert tomllib.loads(EXAMPLE)["format"] == 1
