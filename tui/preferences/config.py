"""The configuration, `config.toml` in the platform's folder: what the user wants whatever was chosen in the app."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType
from platformdirs import user_config_path

from tui.keymap.own_keys import Keys
from tui.render.palette import Theme

Glyphs = Literal["unicode", "ascii"]
MAX_BYTES = 2**20


class ConfigTable(Struct, frozen=True, forbid_unknown_fields=True):
    """The file as it is written."""

    theme: Theme | UnsetType = UNSET
    glyphs: Glyphs | UnsetType = UNSET
    guide: bool | UnsetType = UNSET
    keys: dict[str, Any] = {}


@dataclass(frozen=True)
class Config:
    """What the file sets; None and no keys where it is silent."""

    theme: Theme | None = None
    glyphs: Glyphs | None = None
    guide: bool | None = None
    keys: Keys = field(default_factory=dict)


def config_file() -> Path:
    """Where the configuration is looked for."""
    return user_config_path("gradstep") / "config.toml"


def read_config() -> Config:
    """The configuration, silent where there is none; raises ScenarioError for one that cannot be followed."""
    from scenarios.regular_file import read_regular

    file = config_file()
    try:
        content = read_regular(file, MAX_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return Config()
    except OSError as error:
        from scenarios.errors import ScenarioError

        raise ScenarioError(str(file), "", f"cannot read it: {error.strerror}") from None
    return _read(content, file)


def _read(content: bytes, file: Path) -> Config:
    from scenarios.file.document import Document, read_toml, refuse_impossible
    from tui.preferences.chosen_keys import chosen_keys

    document = Document(str(file), file.parent, read_toml(content, str(file)))
    refuse_impossible(document)
    table = document.convert(document.table, ConfigTable, ())
    set_ = {name: value for name in ("theme", "glyphs", "guide") if (value := getattr(table, name)) is not UNSET}
    return Config(**set_, keys=chosen_keys(document))
