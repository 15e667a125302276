"""`gradstep present SCENARIO`: the app in front of a class."""

from __future__ import annotations

from argparse import Namespace

from tui.commands.launch import open_app, opened


def present(options: Namespace) -> int:
    """Open a scenario from its beginning; raises CommandError without a terminal, ScenarioError for a bad file."""
    return open_app(opened(options.scenario), options, present=True)
