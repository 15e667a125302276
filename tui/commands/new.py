"""`gradstep new`: a commented scenario to start from, or one that fits a CSV file."""

from __future__ import annotations

from argparse import Namespace
from importlib.resources import files
from pathlib import Path

from tui.commands.errors import CommandError
from tui.commands.new_file import refuse_existing, write_named

OTHERWISE = "it is not overwritten"


def new(options: Namespace) -> int:
    """Write the scenario; raises CommandError where there is a file already, WriteError where none can be written."""
    if not options.file:
        raise CommandError("the name of the file is empty")
    target = Path(options.file)
    if options.csv is None:
        for name in ("inputs", "outputs", "loss"):
            if getattr(options, name) is not None:
                raise CommandError(f"--{name} is for a file of samples; allowed: beside --csv")
        content, also = files("scenarios").joinpath("template.toml").read_bytes(), ""
    else:
        refuse_existing(target, OTHERWISE)
        content, also = _fitting(options, target)
    write_named(target, content, otherwise=OTHERWISE)
    print(f"{options.file} is written{also}; try: gradstep run {options.file}")
    return 0


def _fitting(options: Namespace, target: Path) -> tuple[bytes, str]:
    """The text of a scenario that fits a CSV file, and what to say of it; raises CommandError and ScenarioError."""
    from scenarios.export.own_data import own_data_text
    from scenarios.file.csv_survey import column_names, propose, survey
    from scenarios.file.loader import parse
    from scenarios.runs.build import build
    from tui.commands.beside import name_beside, scenario_name
    from tui.commands.loading import reading

    name = name_beside(target, options.csv)
    with reading() as watch:
        try:
            found = survey(Path(options.csv), options.csv, watch)
            proposal = propose(
                found, column_names(options.inputs or ""), column_names(options.outputs or ""), options.loss or ""
            )
        except ValueError as error:
            raise CommandError(f"--csv: {error}") from None
        content = own_data_text(proposal, scenario_name(target, "own-data"), name).encode()
        build(parse(content, options.file, target.parent, watch=watch))
    says = f", {proposal.samples:,} samples, {', '.join(proposal.outputs)} from {', '.join(proposal.inputs)}"
    without = "".join(f", without {name}" for name, _, _ in proposal.left_out)
    return content, f"{says}{without}, loss {proposal.loss}"
