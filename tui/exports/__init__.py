"""What leaves the program: networks, curves, scenarios, worksheets."""
