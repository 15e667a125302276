"""Calls that come later, none skipped: Textual's own timer leaves a call out that is late."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.message_pump import MessagePump


def after(pump: MessagePump, seconds: float, callback: Callable[[], object]) -> asyncio.TimerHandle:
    """Call back in some seconds, among the messages of a screen, a widget or the app."""
    return asyncio.get_running_loop().call_later(seconds, pump.call_later, callback)
