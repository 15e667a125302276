"""What a learner changes on the way: edits, branches, lanes closed, renamed and brought back.

Each is one step of undo.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from scenarios.file.settings import changed
from tui.session.lane_run import Track
from tui.session.session import MAX_LANES, Session


def edit_settings(session: Session, numbers: Sequence[int], keys: dict[str, Any], note: str) -> None:
    """Change keys of these lanes' settings from the step under the cursor on; raises ScenarioError for wrong ones."""
    tracks = [
        _with_settings(session, track, keys) if number in numbers else track
        for number, track in enumerate(session.tracks)
    ]
    session.change(tracks, note, {"do": "edit", "lanes": list(numbers), "set": keys, "note": note})


def set_parameter(session: Session, number: int, index: int, value: float, note: str) -> None:
    """Set one entry of θ to a number from the step under the cursor on."""
    step = session.cursor.step
    action = {"do": "assign", "lane": number, "index": index, "value": value, "note": note}
    _replace(session, number, lambda track: track.edited(step, None, ((index, value),)), note, action)


def branch(
    session: Session,
    number: int,
    label: str = "",
    keys: dict[str, Any] | None = None,
    assign: tuple[int, float] | None = None,
) -> int:
    """Copy a lane at the cursor into a new lane, with other settings or one entry of θ set; return its number.

    Raises ValueError when all lanes are taken, ScenarioError for wrong settings.
    """
    _refuse_fifth(session)
    track, step = session.tracks[number], session.cursor.step
    label = checked_label(_cut(label or f"{track.lane.label} from {step}"))
    copy = track.branched(free_id(session, track.lane.id), label, min(step, track.timeline.reached))
    if keys:
        copy = _with_settings(session, copy, keys)
    if assign is not None:
        copy = copy.edited(step, None, (assign,))
    action = {"do": "branch", "lane": number, "label": label}
    action |= ({"set": keys} if keys else {}) | ({"assign": list(assign)} if assign is not None else {})
    session.change((*session.tracks, copy), f"branch of {track.lane.label} at step {step}", action)
    return len(session.tracks) - 1


def _with_settings(session: Session, track: Track, keys: dict[str, Any]) -> Track:
    """The track with keys of its settings changed from the step under the cursor on."""
    step, layers = session.cursor.step, len(track.lane.model.blocks)
    return track.edited(step, changed(track.lane.settings_at(step), keys, layers, session.scenario.steps), ())


LONGEST_LABEL = 60


def _cut(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"


def checked_label(label: str) -> str:
    """A label that files can hold and screens show; raises ValueError for any other."""
    breaking = any(unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs") for character in label)
    if breaking or not (label.strip() and len(label) <= LONGEST_LABEL):
        raise ValueError(f"allowed: 1 to {LONGEST_LABEL} printable characters")
    return label


def close(session: Session, number: int) -> None:
    """Close a lane; `reopen` brings it back. Raises ValueError for the last one."""
    if len(session.tracks) == 1:
        raise ValueError("the last lane stays")
    track = session.tracks[number]
    kept = [other for other in session.tracks if other is not track]
    session.change(kept, f"closing {track.lane.label}", {"do": "close", "lane": number})
    session.closed = (*session.closed, track)


def reopen(session: Session, number: int) -> int:
    """Bring a closed lane back, as the last one, and return its number; raises ValueError when all are taken."""
    _refuse_fifth(session)
    track = session.closed[number]
    session.change((*session.tracks, track), f"bringing {track.lane.label} back", {"do": "reopen", "closed": number})
    session.closed = tuple(other for other in session.closed if other is not track)
    return len(session.tracks) - 1


def _refuse_fifth(session: Session) -> None:
    if len(session.tracks) >= MAX_LANES:
        raise ValueError(f"there are {MAX_LANES} lanes already; close one first")


def rename(session: Session, number: int, label: str) -> None:
    """Give a lane another label; raises ValueError for one that is not allowed."""
    label = checked_label(label)
    action = {"do": "rename", "lane": number, "label": label}
    _replace(session, number, lambda track: track.renamed(label), f"renaming to {label}", action)


def in_past(session: Session, numbers: Sequence[int]) -> bool:
    """Whether these lanes were trained beyond the cursor, so that an edit here forgets their future."""
    return any(session.tracks[number].timeline.reached > session.cursor.step for number in numbers)


def free_id(session: Session, base: str) -> str:
    """An identifier like `base` that no lane has, closed ones included."""
    taken = {track.lane.id for track in (*session.tracks, *session.closed)}
    root = base.rstrip("0123456789").rstrip("_") if "_" in base else base
    return next(name for k in count(2) if (name := f"{root}_{k}") not in taken)


def _replace(
    session: Session, number: int, change: Callable[[Track], Track], note: str, action: dict[str, Any]
) -> None:
    tracks = [change(track) if place == number else track for place, track in enumerate(session.tracks)]
    session.change(tracks, note, action)
