"""The one table of keys, from which bindings, footer, help and command palette are made."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True)
class Command:
    """Something a key does. `hint` is its word in the footer, "" for none; `group` its place in the help."""

    action: str
    keys: str
    help: str
    group: str
    hint: str = ""
    shown: str = ""

    @property
    def label(self) -> str:
        """The keys as a person reads them."""
        return self.shown or " ".join(_SHOWN.get(key, key) for key in self.keys.split(","))


_SHOWN = {
    "plus": "+",
    "equals_sign": "=",
    "minus": "-",
    "less_than_sign": "<",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "question_mark": "?",
    "escape": "esc",
    "pageup": "pgup",
    "pagedown": "pgdn",
}

SIMULATOR: tuple[Command, ...] = (
    Command("next", "n", "next step: complete the one in progress, or make one", "Step", "next", "n →"),
    Command("previous", "p", "step back: abandon the one in progress, or go back one", "Step", "back", "p ←"),
    Command("into", "s", "into the next operation of the step", "Step", "in", "s ↓"),
    Command("end_of_phase", "d", "down to the end of the phase: batch, forward, loss, backward", "Step"),
    Command("out", "a", "back one operation", "Step", "out", "a ↑"),
    Command("ten_on", "N", "ten steps on", "Step"),
    Command("ten_back", "P", "ten steps back", "Step"),
    Command("go_to", "g", "go to a step, a condition, or a weight or unit by its name", "Step", "go"),
    Command(
        "scrub(-1)",
        "comma",
        "back along the timeline by a fiftieth of it; in the loss chart along its x axis",
        "Step",
        "",
        ",",
    ),
    Command(
        "scrub(1)",
        "full_stop",
        "on along the timeline by a fiftieth of it; in the loss chart along its x axis",
        "Step",
        "",
        ".",
    ),
    Command("home", "home", "first step", "Step"),
    Command("end", "end", "last step reached", "Step"),
    Command("play", "space", "play, pause", "Play", "play", "space"),
    Command("play_back", "less_than_sign", "play backwards", "Play"),
    Command(
        "faster", "plus,equals_sign", "faster, up to as fast as it goes; in the loss chart: closer", "Play", "", "+ ="
    ),
    Command("slower", "minus", "slower; in the loss chart: farther", "Play"),
    Command("next_pane", "tab", "next pane", "Look", "pane"),
    Command("previous_pane", "shift+tab", "previous pane", "Look"),
    Command("zoom", "z", "zoom the pane to the full screen, and back", "Look", "zoom"),
    Command("enter", "enter", "into the pane: arrows select; again: any place of a picture", "Look"),
    Command("next_wrong", "W", "in the lane's map of classes: to the next sample answered wrongly", "Look"),
    Command("leave", "escape", "out of the pane, the zoom, or what is under way", "Look"),
    Command("front(0)", "1", "lane 1 in front (a lane is one network in training)", "Look"),
    Command("front(1)", "2", "lane 2 in front", "Look"),
    Command("front(2)", "3", "lane 3 in front", "Look"),
    Command("front(3)", "4", "lane 4 in front", "Look"),
    Command("log", "l", "loss linear or logarithmic", "Look"),
    Command("whole", "0", "in the loss chart, entered: all of it again, as at first", "Look"),
    Command("axis", "c", "cost axis: steps, samples seen, multiply-adds", "Look"),
    Command("turn(1)", "pagedown", "next stage of the guide, without it: scroll the lesson down", "Look"),
    Command("turn(-1)", "pageup", "previous stage of the guide, without it: scroll the lesson up", "Look"),
    Command("guide", "G", "guide on or off", "Look"),
    Command("background", "h", "read the lesson's background: its text and its claims", "Look"),
    Command("panes", "m", "choose panes", "Look", "panes"),
    Command("app.next_theme", "t", "theme: dark, light, high contrast", "Look"),
    Command("edit", "e", "edit: learning rate, optimizer, …; a selected weight: set it", "Change", "edit"),
    Command("branch", "f", "fork: branch this lane here", "Change", "fork"),
    Command("lanes", "w", "lanes: differences, rename, close, bring back", "Change"),
    Command("undo", "u", "undo the last change", "Change"),
    Command("breakpoints", "b", "breakpoints", "Debug", "break"),
    Command("run_back", "left_square_bracket", "run back to the last breakpoint", "Debug"),
    Command("run_on", "right_square_bracket", "run on to the next breakpoint", "Debug"),
    Command("inspect", "i", "inspect what is selected: value over time, sums, drivers", "Debug", "inspect"),
    Command("autopsy", "D", "autopsy of a lane that diverged", "Debug"),
    Command("predict", "y", "predict: the lesson's question, in a step the next number", "Run", "predict"),
    Command("fill_in", "Y", "fill in the step yourself, number by number", "Run"),
    Command("quiz", "Q", "the quiz: questions on other numbers, before the lesson or after it", "Run"),
    Command("restart", "r", "to step 0; the timeline is kept", "Run"),
    Command("new_seed", "R", "start again with a new seed", "Run"),
    Command("next_start", "T", "next start: trains the next seed to its end and counts where it ended", "Run"),
    Command("seeds", "S", "many seeds: a fan of loss curves, the share for which each claim held", "Run"),
    Command("rework", "E", "change the scenario: layers, data, seed, …", "Run"),
    Command("export", "x", "save, export", "Run", "save"),
    Command("app.open", "o", "open a scenario", "Run", "open"),
    Command("help", "question_mark", "help", "Run", "help"),
    Command("app.quit", "q", "quit", "Run", "quit"),
)

FOOTER = (
    *("next", "previous", "into", "out", "play", "go_to", "next_pane", "branch", "breakpoints", "zoom", "edit"),
    *("panes", "inspect", "predict", "export", "app.open", "help", "app.quit"),
)
"""The commands with hints in the order of the footer; where it is too narrow, the last but two goes first."""

GUIDED = {
    "turn(1)": "page",
    "predict": "answer",
    "into": "in",
    "next": "next",
    "play": "play",
    "faster": "faster",
    "next_pane": "pane",
    "enter": "into it",
    "background": "background",
    "guide": "guide off",
    "help": "help",
    "app.quit": "quit",
}
"""The commands of the footer while a guide is followed, with their words there."""

_ARROWS = {"right": (1, 0), "left": (-1, 0), "down": (0, 1), "up": (0, -1)}
"""Aliases of n, p, s and a, unless a pane was entered, whose selection they move then."""


def bindings(commands: tuple[Command, ...]) -> list[Binding]:
    """The table as Textual's bindings."""
    return [Binding(command.keys, command.action, command.help, show=False) for command in commands] + [
        Binding(key, f"arrow({across},{down})", show=False) for key, (across, down) in _ARROWS.items()
    ]
