"""What leaves the program and comes back: saved runs, networks, curves, scenarios, worksheets."""
