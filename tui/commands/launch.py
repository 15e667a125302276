"""`gradstep [SCENARIO]`: the app, on a scenario, on a saved run, or on the picker of a course."""

from __future__ import annotations

import gc
import os
import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from tui.commands.ascii_output import ascii_only
from tui.commands.errors import CommandError
from tui.serving.visit import enter, in_a_tab

if TYPE_CHECKING:
    from scenarios.file.catalog import Course
    from scenarios.guide import Target
    from scenarios.scenario import Scenario
    from tui.session.snapshot import SavedRun


def launch(options: Namespace) -> int:
    """Open the app; raises CommandError where there is no terminal, ScenarioError for what cannot be opened."""
    enter()
    gc.disable()  # until the first screen stands: collecting while modules load costs a fifth of the launch
    return open_app(opened(options.scenario, options.learner or "") if options.scenario is not None else None, options)


def open_app(
    opened: Scenario | SavedRun | Course | None,
    options: Namespace,
    selected: Target | None = None,
    present: bool = False,
) -> int:
    """Run the app on something, with an entry or a unit selected; raises CommandError where there is no terminal.

    Raises ScenarioError for a configuration that cannot be followed.
    """
    if not in_a_tab() and not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        raise CommandError("the app needs a terminal; without one, see: gradstep run --help")
    for name in () if in_a_tab() else ("COLUMNS", "LINES"):  # left by whoever started this; the terminal knows its size
        os.environ.pop(name, None)
    from tui.preferences.config import read_config

    config = read_config()
    from tui.app.app import GradstepApp

    anew, learner = getattr(options, "anew", False), getattr(options, "learner", None) or ""
    app = GradstepApp(opened, ascii_only(options), anew, selected, config, present, learner)
    app.run()
    return app.return_code or 0


def opened(name: str, learner: str = "") -> Scenario | SavedRun | Course:
    """The scenario or the saved run of that name or path, or the course in a folder."""
    if name.endswith(".gradstep"):
        from tui.archive.errors import SharingError
        from tui.archive.saved_run_file import open_run

        try:
            return open_run(Path(name))
        except SharingError as error:
            raise CommandError(str(error)) from None
    if os.path.isdir(name):
        from scenarios.file.catalog import read_course

        return read_course(Path(name))
    from tui.commands.loading import loaded

    return loaded(name, learner=learner)
