"""Files damaged at random: their bytes, or the values in them under a hash that is right again."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np

from tui.archive.container import unwrap, wrap

Mutation = Callable[[Random, bytes], bytes]

_VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        -1,
        0,
        1,
        3,
        99,
        2**31,
        -(2**63),
        2**70,
        0.5,
        1e300,
        "",
        "x",
        "\x00\x1b[2J",
        "猫",
        "../x",
        "a" * 5000,
    ),
    *([], [0], [[]], [None, 1], {}, {"a": 1}, {"": None}),
)
_WORDS = (
    *("[", "]", "[[", "{", "}", '"', "'''", "=", ",", "#", "\n", "\r", "\x00", "\ufeff", "nan", "-inf", "1e999", "0x1"),
    *("true", "[lanes]", "[[lanes]]", "hidden = [0]", "hidden = [-1]", "format = 2", 'csv = "../a.csv"', "a.b.c = 1"),
    *("9" * 400, "-", "1,2", ";", "\t", " ", '""', "1979-05-27", "[1, 'a']", "seed = -1", "steps = 0.5"),
)


def bytes_anyhow(random: Random, content: bytes) -> bytes:
    """Some bytes changed, cut out, doubled, or put in."""
    mutated = bytearray(content)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(mutated) + 1)
        end = at + random.choice((0, 1, 1, 8, 200))
        piece = random.choice((b"", random.randbytes(1), random.randbytes(8), bytes(mutated[at:end]) * 2))
        mutated[at:end] = piece
    return bytes(mutated[: random.randrange(len(mutated) + 1)] if random.random() < 0.1 else mutated)


def words_anyhow(random: Random, content: bytes) -> bytes:
    """Some words or lines of a text in place of, or beside, what stands there."""
    lines = content.decode().splitlines(keepends=True)
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(lines))
        words = lines[at].split(" ")
        place = random.randrange(len(words))
        match random.randrange(4):
            case 0:
                words[place] = random.choice(_WORDS)
            case 1:
                words.insert(place, random.choice(_WORDS))
            case 2:
                words = [*words, *words]
            case _:
                words = random.choice(lines).split(" ")
        lines[at] = " ".join(words)
    return "".join(lines).encode()


def json_anyhow(random: Random, content: bytes) -> bytes:
    """Some values of a JSON file replaced by others."""
    table = json.loads(content)
    for _ in range(random.randint(1, 2)):
        _change(random, table)
    return json.dumps(table).encode()


def run_anyhow(random: Random, content: bytes) -> bytes:
    """A saved run whose header or arrays say something else, with the hash that belongs to it."""
    header, arrays = unwrap(content)
    if random.random() < 0.75:
        return wrap(json_anyhow(random, header), arrays)
    name = random.choice(list(arrays))
    array = arrays[name].copy()
    match random.randrange(4):
        case 0:
            arrays[name] = array[:-1]
        case 1:
            arrays[name] = np.zeros(array.shape, np.float32)
        case 2:
            del arrays[name]
        case _ if array.size:
            array.flat[random.randrange(array.size)] = random.choice((0, -1, 3, 10**6))
            arrays[name] = array
    return wrap(header, arrays)


def _change(random: Random, value: Any) -> None:
    """Change one value somewhere below, nearer to the top more often; or drop it."""
    places = list(value) if isinstance(value, dict) else list(range(len(value)))
    if not places:
        return
    place = random.choice(places)
    if isinstance(value[place], dict | list) and value[place] and random.random() < 0.8:
        _change(random, value[place])
    elif random.random() < 0.2:
        del value[place]
    else:
        value[place] = random.choice(_VALUES)


KINDS: dict[str, tuple[Mutation, ...]] = {
    ".gradstep": (bytes_anyhow, run_anyhow, run_anyhow, run_anyhow),
    ".json": (bytes_anyhow, json_anyhow, json_anyhow),
    ".toml": (bytes_anyhow, words_anyhow, words_anyhow),
    ".csv": (bytes_anyhow, words_anyhow, words_anyhow),
}
"""What can happen to the files of each suffix."""


def mutated(random: Random, suffix: str, content: bytes) -> bytes:
    """A file's bytes with something done to them."""
    return random.choice(KINDS[suffix])(random, content)
