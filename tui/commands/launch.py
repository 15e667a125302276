"""`gradstep [SCENARIO]`: the app, on a scenario or on the picker."""

from __future__ import annotations

import gc
import os
import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from tui.commands.errors import CommandError

if TYPE_CHECKING:
    from scenarios.scenario import Scenario


def launch(options: Namespace) -> int:
    """Open the app; raises CommandError where there is no terminal."""
    gc.disable()  # until the first screen stands: collecting while modules load costs a fifth of the launch
    scenario = _scenario(options.scenario) if options.scenario is not None else None
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CommandError("the app needs a terminal; without one, see: gradstep run --help")
    from tui.app import GradstepApp

    app = GradstepApp(scenario, ascii=options.ascii or os.environ.get("GRADSTEP_ASCII") == "1")
    app.run()
    return app.return_code or 0


def _scenario(name: str) -> Scenario:
    from scenarios.loader import load

    return load(name)
