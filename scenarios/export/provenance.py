"""What a result names so that it can be made again: versions, the scenario's hash, and the changes made to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from nncore.arrays import Array
from nncore.training import Lane
from scenarios.atomic_write import Content
from scenarios.export.canonical import canonical
from scenarios.export.continuation import continued
from scenarios.export.toml import toml_text
from scenarios.export.version import own_version
from scenarios.scenario import Scenario

KEYS = ("version", "numpy", "scenario_hash", "overrides")
"""What everything that is written names; the last two once for each scenario."""


def provenance(scenario: Scenario) -> dict[str, Any]:
    """`version` of gradstep and `numpy`, the `scenario_hash` and its `overrides` as KEY=VALUE."""
    return {**versions(), **of_scenario(scenario)}


def of_scenario(scenario: Scenario) -> dict[str, Any]:
    """What stands once for each scenario."""
    return {"scenario_hash": scenario_hash(scenario), "overrides": list(scenario.overrides)}


def run_provenance(scenario: Scenario, seed: int, steps: int, seeds: int | None = None) -> dict[str, Any]:
    """What a run can be repeated from: the scenario's name and `file`, `seed`, how many `seeds`, `steps`, provenance.

    file: its name in the library, or its path as it was given. seeds: null for a single run.
    """
    run = {"scenario": scenario.name, "file": scenario.file, "seed": seed, "seeds": seeds, "steps": steps}
    return {**run, **provenance(scenario)}


MOST_AS_TEXT = 2**24
"""Characters, of four bytes each in an array; a longer scenario stands in a record as bytes in UTF-8."""


def record_texts(
    scenario: Scenario, seed: int, lanes: Sequence[Lane], steps: int
) -> dict[str, str | bytes | list[str]]:
    """What a record of lanes says of its run: the scenario that makes it again, self-contained, and provenance."""
    text = toml_text(continued(scenario, seed, lanes, max(1, steps)))
    kept = text if len(text) <= MOST_AS_TEXT else text.encode()
    return {"scenario": kept, "steps": str(steps), **provenance(scenario)}


def provenances(scenarios: Mapping[str, Scenario]) -> dict[str, Any]:
    """The same of several scenarios, whose hashes and overrides stand under the names that they were given by."""
    made = {name: of_scenario(scenario) for name, scenario in scenarios.items()}
    return {**versions(), **{key: {name: one[key] for name, one in made.items()} for key in KEYS[2:]}}


META = ".meta.json"


def meta_path(path: Path | str) -> Path:
    """The file beside one that has no room for its provenance."""
    return Path(f"{path}{META}")


def meta_json(made: Mapping[str, Any]) -> bytes:
    """The content of that file."""
    return (json.dumps(made, indent=2, allow_nan=False) + "\n").encode()


def commented(suffix: str, text: str, made: Mapping[str, Any]) -> str:
    """A text that names what it was made from in a comment of its language."""
    before, after = COMMENTS[suffix]
    return before.format(_comment(made)) + text + after.format(_comment(made))


COMMENTS = {
    ".py": ("", "\n# gradstep: {}\n"),
    ".toml": ("# gradstep: {}\n\n", ""),
    ".md": ("", "\n<!-- gradstep: {} -->\n"),
    ".svg": ("", "\n<!-- gradstep: {} -->\n"),
}
"""What stands before and after a text of each kind."""

INSIDE = (".json", ".npz", ".safetensors", ".gradstep")
"""Files that have room for it, as keys or entries."""


def _comment(made: Mapping[str, Any]) -> str:
    """On one line of ASCII, and without what would end a comment."""
    return json.dumps(made, allow_nan=False).replace("--", "-\\u002d")


def named(contents: Mapping[str, Content], made: Mapping[str, Any]) -> dict[str, Content]:
    """Files by the ends of their names, each of which names what it was made from: inside, or in a file beside it."""
    found: dict[str, Content] = {}
    for end, content in contents.items():
        suffix = Path(f"x{end}").suffix
        if isinstance(content, str) and suffix in COMMENTS:
            found[end] = commented(suffix, content, made)
        else:
            found |= {end: content} if suffix in INSIDE else {end: content, f"{end}{META}": meta_json(made)}
    return found


def versions() -> dict[str, str]:
    """The versions of gradstep and of NumPy."""
    return {"version": own_version(), "numpy": np.__version__}


@lru_cache(maxsize=2)
def scenario_hash(scenario: Scenario) -> str:
    """SHA-256 of the canonical form as JSON, in hexadecimal digits; arrays stand in it as hashes of their own."""
    form = canonical(scenario)
    text = json.dumps(form, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_array_hash)
    return hashlib.sha256(text.encode()).hexdigest()


def _array_hash(array: Array) -> dict[str, Any]:
    """An array as its shape and the SHA-256 of its float64 numbers, little-endian, row by row."""
    content = np.ascontiguousarray(array, "<f8").tobytes()
    return {"shape": array.shape, "sha256": hashlib.sha256(content).hexdigest()}
