"""The one table of keys, from which bindings, footer, help and command palette are made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """Something a key does.

    keys: by default, as people write them, with blanks between. hint: its word in the footer, "" for none. group: its
    place in the help. arrow: the arrow that does it too. name: what the user's own keys call it. fixed: whether its
    keys stay as they are.
    """

    action: str
    keys: str
    help: str
    group: str
    hint: str = ""
    arrow: str = ""
    name: str = ""
    fixed: bool = False

    @property
    def id(self) -> str:
        """What the user's own keys call it."""
        return self.name or self.action


SIMULATOR: tuple[Command, ...] = (
    Command("next", "n", "next step: complete the one in progress, or make one", "Step", "next", "→"),
    Command("previous", "p", "step back: abandon the one in progress, or go back one", "Step", "back", "←"),
    Command("into", "s", "into the next operation of the step", "Step", "in", "↓"),
    Command("end_of_phase", "d", "down to the end of the phase: batch, forward, loss, backward", "Step"),
    Command("out", "a", "back one operation", "Step", "out", "↑"),
    Command("ten_on", "N", "ten steps on", "Step"),
    Command("ten_back", "P", "ten steps back", "Step"),
    Command("go_to", "g", "go to a step, a condition, or a weight or unit by its name", "Step", "go"),
    Command("places", "M", "mark: name the place you stand at, and go to those named", "Step"),
    Command(
        "scrub(-1)",
        ",",
        "back along the timeline by a fiftieth of it; in the loss chart along its x axis",
        "Step",
        name="scrub_back",
    ),
    Command(
        "scrub(1)",
        ".",
        "on along the timeline by a fiftieth of it; in the loss chart along its x axis",
        "Step",
        name="scrub_on",
    ),
    Command("home", "home", "first step", "Step"),
    Command("end", "end", "last step reached", "Step"),
    Command("play", "space", "play, pause", "Play", "play"),
    Command("play_back", "<", "play backwards", "Play"),
    Command("faster", "+ =", "faster, up to as fast as it goes; in the loss chart: closer", "Play"),
    Command("slower", "-", "slower; in the loss chart: farther", "Play"),
    Command("next_pane", "tab", "next pane", "Look", "pane"),
    Command("previous_pane", "shift+tab", "previous pane", "Look"),
    Command("zoom", "z", "zoom the pane to the full screen, and back", "Look", "zoom"),
    Command("enter", "enter", "into the pane: arrows select; again: any place of a picture", "Look"),
    Command("next_wrong", "W", "in the lane's map of classes: to the next sample answered wrongly", "Look"),
    Command("only_wrong", "F", "filter: maps of classes with the samples answered wrongly alone, or all", "Look"),
    Command("halves", "H", "maps in halves of cells, each in its own shade, or in quarters", "Look"),
    Command("leave", "esc", "out of the pane, the zoom, or what is under way", "Look", fixed=True),
    Command("front(0)", "1", "lane 1 in front (a lane is one network in training)", "Look", name="front_1", fixed=True),
    Command("front(1)", "2", "lane 2 in front", "Look", name="front_2", fixed=True),
    Command("front(2)", "3", "lane 3 in front", "Look", name="front_3", fixed=True),
    Command("front(3)", "4", "lane 4 in front", "Look", name="front_4", fixed=True),
    Command("log", "l", "loss linear or logarithmic", "Look"),
    Command("whole", "0", "in the loss chart, entered: all of it again, as at first", "Look", fixed=True),
    Command("axis", "c", "cost axis: steps, samples seen, multiply-adds", "Look"),
    Command("turn(1)", "pgdn", "next stage of the guide; without it scroll the lesson down", "Look", name="next_stage"),
    Command(
        "turn(-1)",
        "pgup",
        "previous stage of the guide; without it scroll the lesson up",
        "Look",
        name="previous_stage",
    ),
    Command("guide", "G", "guide on or off in this lesson", "Look"),
    Command("guide_everywhere", "ctrl+g", "guide on or off in all lessons, for good", "Look"),
    Command("background", "h", "read the lesson's background: its text and its claims", "Look"),
    Command("panes", "m", "choose panes", "Look", "panes"),
    Command("app.next_theme", "t", "theme: dark, light, high contrast", "Look", name="theme"),
    Command("app.next_glyphs", "A", "characters: Unicode or ASCII", "Look", name="glyphs"),
    Command(
        "app.present", "C f5", "in front of a class: this lesson afresh, large; again: back", "Look", "", "", "present"
    ),
    Command("edit", "e", "edit: learning rate, optimizer, …; a selected weight: set it", "Change", "edit"),
    Command("branch", "f", "fork: branch this lane here", "Change", "fork"),
    Command("lanes", "w", "lanes: their tree, differences, rename, close, bring back", "Change"),
    Command("undo", "u", "undo the last change", "Change"),
    Command(
        "difference",
        "L",
        "lanes' difference: weights and gradients of two subtracted; where they first differ",
        "Debug",
    ),
    Command("breakpoints", "b", "breakpoints", "Debug", "break"),
    Command("watch", "v", "watch: values at the cursor, before it and over the run", "Debug"),
    Command("run_back", "[", "run back to the last breakpoint", "Debug"),
    Command("run_on", "]", "run on to the next breakpoint", "Debug"),
    Command("inspect", "i", "inspect what is selected: value over time, sums, drivers", "Debug", "inspect"),
    Command("why", "I", "why: the way of a value backwards, term by term: what is selected, or a name", "Debug"),
    Command(
        "blame", "B", "blame: which samples made a weight what it is, which weights changed a sample's answer", "Debug"
    ),
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
    Command("app.open", "o", "open a scenario", "Run", "open", name="open"),
    Command("help", "?", "help", "Run", "help"),
    Command("app.quit", "q", "quit", "Run", "quit", name="quit"),
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
