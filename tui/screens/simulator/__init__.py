"""The simulator's screen, one concept a file."""

from tui.screens.simulator.screen import Simulator

__all__ = ["Simulator"]
