"""`gradstep [SCENARIO]`: the app, on a scenario or on the picker."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from scenarios.loader import load
from tui.commands.errors import CommandError


def launch(options: Namespace) -> int:
    """Open the app; raises CommandError where there is no terminal."""
    scenario = load(options.scenario) if options.scenario is not None else None
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CommandError("the app needs a terminal; without one, see: gradstep run --help")
    from tui.app import GradstepApp

    app = GradstepApp(scenario, ascii=options.ascii or os.environ.get("GRADSTEP_ASCII") == "1")
    app.run()
    return app.return_code or 0
