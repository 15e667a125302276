"""`python -m tui` is `gradstep`."""

from tui.cli import main

raise SystemExit(main())
