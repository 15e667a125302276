"""`gradstep import`: a scenario that starts from the numbers of a PyTorch network."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from scenarios.atomic_write import Content, write_together
from scenarios.errors import printable
from scenarios.export.imported import hidden_activations, imported, sizes, starting_values
from scenarios.export.provenance import commented, provenance
from scenarios.export.start_values import scenario_files
from scenarios.export.toml import toml_text
from scenarios.file.csv_survey import column_names, propose, survey
from scenarios.file.loader import parse
from scenarios.file.overrides import toml_value
from scenarios.file.state_dict import LinearLayer, read_state_dict
from scenarios.runs.build import build
from scenarios.scenario import NetworkPlan, Scenario
from tui.commands.beside import name_beside, scenario_name
from tui.commands.errors import CommandError


def import_network(options: Namespace) -> int:
    """Write the scenario; raises CommandError or ScenarioError for what cannot become one, WriteError."""
    target = Path(options.file)
    data = _data(options, name_beside(target, options.csv))
    layers = read_state_dict(options.network)
    asked = [name.strip() for name in options.activation.split(",")] if options.activation else []
    lane = _lane(options, layers, hidden_activations(options.network, layers, asked))
    name = scenario_name(target, "imported")
    source = printable(os.path.basename(options.network))
    table = imported(name, f"It starts from the numbers in {source}.", data, lane)
    scenario = _fitting(options, target, table, layers)
    full = imported(name, table["text"], data, {**lane, "parameters": starting_values(layers)})
    files = scenario_files(full, target.stem)
    files[".toml"] = commented(".toml", str(files[".toml"]), provenance(scenario))
    contents = {target if end == ".toml" else target.with_name(f"{target.stem}{end}"): files[end] for end in files}
    _write(options, contents)
    print(f"{' and '.join(map(str, reversed(contents)))} written; try: gradstep run {target}")
    return 0


def _data(options: Namespace, csv: str) -> dict[str, Any]:
    """The keys of the data: the file and, where they are named, its columns, as they are."""
    if options.inputs is None and options.outputs is None:
        return {"csv": csv}
    try:
        found = survey(Path(options.csv), options.csv)
        inputs, outputs = column_names(options.inputs or ""), column_names(options.outputs or "")
        table = propose(found, inputs, outputs, options.loss).table(csv)
    except ValueError as error:
        raise CommandError(f"--csv: {error}") from None
    return {key: value for key, value in table.items() if key not in ("standardize", "test_fraction")}


def _lane(options: Namespace, layers: Sequence[LinearLayer], activations: list[str]) -> dict[str, Any]:
    """The keys of the lane, short of its starting values."""
    lane: dict[str, Any] = {"hidden": list(sizes(layers)[1:-1])}
    if activations:
        lane["activation"] = activations
    lane["loss"] = options.loss
    if options.output:
        lane["output"] = options.output
    if options.optimizer:
        optimizer = toml_value(options.optimizer)
        lane["optimizer"] = optimizer if isinstance(optimizer, dict) else {"name": optimizer}
    return lane


def _fitting(options: Namespace, target: Path, table: dict[str, Any], layers: Sequence[LinearLayer]) -> Scenario:
    """The scenario; raises ScenarioError or CommandError where samples, loss and network do not go together."""
    scenario = parse(toml_text(table).encode(), str(target), target.parent)
    build(scenario)
    plan = scenario.lanes[0].model
    assert isinstance(plan, NetworkPlan)
    (own_in, *_, own_out), (data_in, *_, data_out) = sizes(layers), plan.network.sizes
    if own_in != data_in:
        raise CommandError(f"{options.csv}: found {data_in} inputs x; allowed: {own_in}, as {options.network} takes")
    if own_out != data_out:
        what = "classes" if options.loss == "softmax_cross_entropy" else "outputs y"
        raise CommandError(f"{options.csv}: found {data_out} {what}; allowed: {own_out}, as {options.network} gives")
    model = replace(plan, parameters=starting_values(layers))
    return replace(scenario, lanes=(replace(scenario.lanes[0], model=model),))


def _write(options: Namespace, contents: Mapping[Path, Content]) -> None:
    """Write the files, none of which may be there without `--force`, and never what was read."""
    for path in contents:
        for source in (options.network, options.csv):
            if path.exists() and os.path.samefile(path, source):
                raise CommandError(f"{path} is what the scenario is made from; it is never overwritten")
        if os.path.lexists(path) and not options.force:
            raise CommandError(f"{path} exists already; it is overwritten with --force only")
    write_together(contents, options.force)
