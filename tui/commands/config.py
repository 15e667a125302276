"""`gradstep config`: where the app's configuration is, and a commented one to start from."""

from __future__ import annotations

from argparse import Namespace
from errno import EEXIST

from scenarios.atomic_write import WriteError, new_file
from tui.preferences.config import config_file, read_config
from tui.preferences.config_template import config_template


def config(options: Namespace) -> int:
    """Write it where there is none, else read it; raises WriteError, and ScenarioError for one that is wrong."""
    if options.template:
        print(config_template(), end="")
        return 0
    file = config_file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with new_file(file) as target:
            target.write(config_template().encode())
    except WriteError as error:
        if error.errno != EEXIST:
            raise
        read_config()
        print(f"{file} is what the app reads; it is not overwritten")
        return 0
    except OSError as error:
        raise WriteError(error.errno, error.strerror, str(file)) from None
    print(f"{file} is written: every line in it is commented out, and says what it would set")
    return 0
