"""What can happen to the program at its terminal, as data, drawn at random: a seed names a storm.

Nothing in a storm asks the program to end: text that is typed holds no q, and what is pasted is no key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from textual.keys import key_to_character

from tests.pilot import keys_of
from tests.terminal import KEYS
from tui.keymap.table import SIMULATOR

SCENARIOS = (
    *("by-hand", "disc-depth", "gd-vs-sgd", "saddle-noise", "tent-map"),
    *("gradient-variance", "edge-of-stability", "dead-relus", "valley-momentum", "memorizing-noise"),
)
SIZES = (40, 250), (10, 80)
"""The least and the greatest columns and rows."""

_OTHER_NAMES = {"escape": "esc", "pageup": "pgup", "pagedown": "pgdn"}
_SIGNS = {"plus": "+", "minus": "-"}
_IN_DIALOGS = ("backspace", "delete")
_PALETTES = ("zoom", "lane 2", "guide", "ctrl")
"""What is looked for in the command palette, which is left by esc: it could end the program."""

TEXTS = (
    *(
        "0",
        "1",
        "-1",
        "0.1",
        "12",
        "-",
        "+",
        "1e60",
        "1e-300",
        "nan",
        "inf",
        "yes",
        "no",
        "true",
        "all",
        "2, 3",
        "adam",
    ),
    *("step == 12", "any.train_loss < 0.3", "all.diverged_at > 0", "phase", "epoch >= 2", "x > 0.5", "((((", "W1[0,0]"),
    *(
        "sgd",
        "relu",
        "~",
        "~nosuch/",
        "./",
        "../",
        "a.toml",
        "a.gradstep",
        "é ü 猫 λ",
        "👩\u200d💻",
        "[b]bold[/",
        "'\"\\",
    ),
)


@dataclass(frozen=True)
class Input:
    """Bytes that the terminal sends; `keys` counts the presses in them."""

    what: str
    sent: bytes
    keys: int = 0

    def __str__(self) -> str:
        return self.what


@dataclass(frozen=True)
class Resize:
    """Another size of the window."""

    columns: int
    rows: int

    def __str__(self) -> str:
        return f"resized to {self.columns}×{self.rows}"


@dataclass(frozen=True)
class Pause:
    """A while in which nothing happens and timers run."""

    seconds: float

    def __str__(self) -> str:
        return f"{self.seconds:.3f} s"


Event = Input | Resize | Pause


def sent_by(key: str) -> bytes:
    """The bytes that a terminal sends for a key of the table; raises KeyError for one that it has none for."""
    name = _OTHER_NAMES.get(key, key)
    character = _SIGNS.get(key) or key_to_character(key)
    return (KEYS[name] if name in KEYS else character or KEYS[key]).encode()


APART = ("app.quit", "app.present", "app.next_glyphs")
TABLE = tuple(key for command in SIMULATOR for key in keys_of(command) if command.action not in APART)
"""Every key of the simulator but those that end it, leave it for a presentation, or spell it in ASCII."""


def storm(seed: int, keys: int) -> Iterator[Event]:
    """What happens in the storm of that seed until so many keys were pressed."""
    random, pressed = Random(seed), 0
    while pressed < keys:
        event = _drawn(random)
        if isinstance(event, Input):
            pressed += event.keys
        yield event
        if random.random() < 0.15:
            yield Pause(random.uniform(0, 0.03))


def _drawn(random: Random) -> Event:
    (draw,) = random.choices((_key, _arrow, _text, _paste, _mouse, _resize, _palette), (60, 16, 6, 2, 10, 4, 1))
    return draw(random)


def _pressed(key: str) -> Input:
    return Input(key, sent_by(key), 1)


def _key(random: Random) -> Event:
    return _pressed(random.choice((*TABLE, *_IN_DIALOGS)))


def _arrow(random: Random) -> Event:
    return _pressed(random.choice(("up", "down", "left", "right", "enter", "escape", "escape", "tab")))


def _text(random: Random) -> Event:
    text = random.choice(TEXTS)
    return Input(f"typed {text!r}", text.encode(), len(text))


def _palette(random: Random) -> Event:
    text = random.choice(_PALETTES)
    return Input(f"ctrl+p, typed {text!r}, esc, esc", f"\x10{text}\x1b\x1b".encode(), 2)


def _paste(random: Random) -> Event:
    """Any bytes but the escapes, which terminals leave out of a paste, as it could end by them."""
    anything = random.randbytes(random.randrange(40)).replace(b"\x1b", b"")
    content = random.choice((anything, random.choice(TEXTS).encode(), b"\xff", b"a\nb\n"))
    return Input(f"pasted {content!r}", b"\x1b[200~" + content + b"\x1b[201~")


def _mouse(random: Random) -> Event:
    """A report in the SGR form; also of places outside the screen and of buttons that few mice have."""
    button = random.choice((0, 0, 0, 1, 2, 32, 35, 35, 64, 65, 66, 128)) + random.choice((0, 0, 0, 4, 8, 16))
    place = f"{button};{random.randint(1, 260)};{random.randint(1, 90)}"
    ends = random.choice(("M", "m", "Mm"))
    return Input(f"mouse {place}{ends}", "".join(f"\x1b[<{place}{end}" for end in ends).encode())


def _resize(random: Random) -> Event:
    return Resize(*(random.randint(*bounds) for bounds in SIZES))
