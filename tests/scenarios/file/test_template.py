"""The scenario that `gradstep new` writes: it says everything, and what it says is so."""

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from msgspec import structs

from nncore.training import Trainer
from scenarios.file import data_schema, schema
from scenarios.file.loader import LIBRARY, parse
from scenarios.quantities.definitions import QUANTITIES
from scenarios.runs.build import build
from scenarios.runs.claims import verify

TEXT = (LIBRARY.parent / "template.toml").read_text(encoding="utf-8")
PARTS = dict(
    zip(["head", "data", "defaults", "lanes", "claims", "guide"], re.split(r"\n\n\n# -+ .*\n", TEXT), strict=True)
)

TABLES = [
    value
    for module in (schema, data_schema)
    for value in vars(module).values()
    if isinstance(value, type) and issubclass(value, schema.Table) and value.__module__ == module.__name__
]


def read(text, folder=Path()):
    return parse(text.encode(), "my.toml", folder)


def trained(scenario, steps=5):
    for lane in build(scenario):
        trainer = Trainer(lane)
        assert np.isfinite(trainer.run(steps).batch_loss).all()
        assert trainer.step == steps
    return scenario


def examples(part):
    """The indented comments of a part that are TOML, without their #."""
    return "\n".join(re.findall(r"^#     (\S.*)$", PARTS[part].partition("# Quantities")[0], re.MULTILINE))


def test_it_trains_and_its_claims_hold():
    scenario = trained(read(TEXT))
    assert all(result.passed for result in verify(scenario))


@pytest.mark.parametrize("table", TABLES)
def test_every_key_is_named(table):
    for key in table.__struct_fields__:
        assert re.search(rf"\b{key}\b", TEXT), key


@pytest.mark.parametrize("choice", ["ActivationName", "OutputName", "LossName", "InitName", "PaneName"])
def test_every_name_is_named(choice):
    for name in getattr(schema, choice).__args__:
        assert re.search(rf"\b{name}\b", TEXT), name


@pytest.mark.parametrize("kind", data_schema.DistributionTable.__args__)
def test_every_kind_is_shown_with_its_keys_and_their_defaults(kind):
    block = re.search(rf'kind = "{kind.__struct_config__.tag}"(.*\n(#\s+# .*\n)?)', TEXT)
    assert block
    for field in structs.fields(kind):
        if field.name not in data_schema.Labelled.__struct_fields__:
            assert f"{field.name} = {field.default:g}" in block[1]


def test_every_quantity_is_named():
    for name in QUANTITIES:
        assert re.search(rf"\b{name}\b", TEXT), name


def test_commented_keys_show_their_defaults():
    found = {}
    tables = {"head": schema.ScenarioFile, "data": data_schema.ExpressionTable, "defaults": schema.LaneTable}
    for part, table in tables.items():
        defaults = {field.name: field for field in structs.fields(table)}
        for key, rest in re.findall(r"^# (\w+) = (.*)$", PARTS[part], re.MULTILINE):
            field = defaults[key]
            default = field.default_factory() if field.default_factory in (list, dict) else field.default
            shown = tomllib.loads(f"{key} = {rest}")[key]
            if isinstance(default, schema.Named):
                shown, default = shown["name"], default.__struct_config__.tag
            assert shown == (list(default) if isinstance(default, tuple) else default), key
            found[key] = shown
    assert len(found) >= 10


def test_optimizers_show_their_defaults():
    for optimizer in schema.OPTIMIZER_TABLES.values():
        name = optimizer.__struct_config__.tag
        (shown,) = (
            table
            for line in examples("defaults").splitlines()
            if line.startswith("optimizer")
            for table in [tomllib.loads(line)["optimizer"]]
            if table.pop("name") == name
        )
        defaults = structs.asdict(optimizer())
        assert shown == {key: list(value) if isinstance(value, tuple) else value for key, value in defaults.items()}


def test_defaults_in_words_are_true():
    tables = {"head": ["steps"], "data": ["samples"], "claims": ["seeds", "share"], "guide": ["seeds", "share"]}
    for part, keys in tables.items():
        table = {
            "head": schema.ScenarioFile,
            "data": data_schema.ExpressionTable,
            "claims": schema.ClaimTable,
            "guide": schema.StageTable,
        }[part]
        defaults = {field.name: field.default for field in structs.fields(table)}
        shown = re.findall(rf"^({'|'.join(keys)}) = .*default: ([\d.]+)$", PARTS[part], re.MULTILINE)
        assert {key: float(text) for key, text in shown} == {key: defaults[key] for key in keys}


def test_examples_of_lanes_work():
    scenario = trained(read(TEXT.replace(PARTS["lanes"], PARTS["lanes"] + "\n" + examples("lanes"))))
    assert [lane.id for lane in scenario.lanes] == ["wide", "deep", "saddle"]
    assert list(scenario.lanes[1].model.parameters) == ["W1", "b1"]
    assert len(scenario.lanes[1].edits[0].assignments) == 2


@pytest.mark.parametrize("line", re.findall(r"^(?:output|optimizer|schedule) = .*", examples("defaults"), re.MULTILINE))
def test_examples_of_settings_work(line):
    key = line.partition(" =")[0]
    defaults = re.sub(rf"^{key} = .*$", "", PARTS["defaults"], flags=re.MULTILINE)
    trained(read(TEXT.replace(PARTS["defaults"], defaults + "\n" + line)))


def test_examples_of_claims_work():
    scenario = read(TEXT.replace(PARTS["claims"], PARTS["claims"] + "\n" + examples("claims")))
    assert len(scenario.claims) == 2


@pytest.mark.parametrize("line", re.findall(r"^(?:go|until) = [^#\n]*", examples("guide"), re.MULTILINE))
def test_examples_of_stages_work(line):
    key = line.partition(" =")[0]
    stage = f'[[guide]]\ntitle = "One"\nsay = "Go on."\n{line}\n'
    assert getattr(read(f"{TEXT}\n{stage}").guide[-1], key) is not None


def test_examples_of_questions_work():
    lines = re.findall(r"^(?:ask|at|answer|tolerance|reply) = .*", examples("guide"), re.MULTILINE)
    question = read("\n".join([TEXT, '[[guide]]\ntitle = "One"', *lines])).guide[-1].question
    assert (len(lines), question.tolerance) == (5, 0.1)


@pytest.mark.parametrize("kind", [kind.__struct_config__.tag for kind in data_schema.DistributionTable.__args__])
def test_kinds_work_as_shown(kind):
    lines = re.findall(rf'^(?:kind = "{kind}"|samples = .*|noise = .*)', examples("data"), re.MULTILINE)
    assert len(lines) == 3
    trained(read(TEXT.replace(PARTS["data"], "\n[data]\n" + "\n".join(lines))))


def test_points_work_as_shown():
    lines = re.findall(r"^(?:points = |outputs = \d).*|^labels = \[0, 1\]", examples("data"), re.MULTILINE)
    lines = list(dict.fromkeys(lines))
    assert len(lines) == 3
    scenario = trained(read(TEXT.replace(PARTS["data"], "\n".join(["\n[data]", *lines]))))
    assert scenario.data.draw(0).x.shape == (4, 2)


def test_a_csv_file_works_as_shown(tmp_path):
    rows = re.findall(r"^#         (\S*,\S*)$", PARTS["data"], re.MULTILINE)
    assert rows[0] == "x1,x2,y1"
    name = re.search(r'csv = "(samples.csv)"', TEXT)[1]
    (tmp_path / name).write_text("\n".join(rows) + "\n")
    data = f'\n[data]\ncsv = "{name}"\nlabels = [0, 1]\ntest_csv = "{name}"\n'
    scenario = trained(read(TEXT.replace(PARTS["data"], data), tmp_path))
    assert scenario.data.draw(0).x.tolist() == [[0.5, 1.25], [-1, 0.75], [2, -0.5]]
