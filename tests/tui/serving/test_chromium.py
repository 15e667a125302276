"""The app in a real headless Chromium: it loads, keys step, browsers have sessions of their own, closed ones end."""

from __future__ import annotations

import json
import re
import shutil
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyte
import pytest

pytest.importorskip("textual_serve", reason="the extra `serve` is not installed")
pytest.importorskip("selenium", reason="selenium, which drives a browser, is not installed")
from selenium import webdriver
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.chrome.service import Service

from tests.terminal import _UNKNOWN
from tests.tui.serving.tab import PATIENCE, Served, served

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1000,700",
)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None, reason="chromium and its driver are not installed here"
)


class Window:
    """A browser on a page. What the page's canvas shows is told by what came to it, drawn by a terminal of ours."""

    def __init__(self, browser: webdriver.Chrome) -> None:
        self._browser = browser
        self._screen = pyte.Screen(300, 100)
        self._stream = pyte.ByteStream(self._screen)
        self.asked: list[str] = []

    @property
    def text(self) -> str:
        """All that is on the screen now."""
        for entry in self._browser.get_log("performance"):
            event = json.loads(entry["message"])["message"]
            self._take(event["method"], event["params"])
        return "\n".join(self._screen.display)

    def _take(self, method: str, params: dict[str, Any]) -> None:
        if method in ("Network.requestWillBeSent", "Network.webSocketCreated"):
            self.asked.append(params.get("request", params)["url"])
        if method == "Network.webSocketFrameReceived" and params["response"]["opcode"] == 2:
            self._stream.feed(_UNKNOWN.sub(b"", b64decode(params["response"]["payloadData"])))

    def press(self, *keys: str) -> None:
        """Type where the page has its focus, which nobody has clicked on."""
        ActionChains(self._browser).send_keys(*keys).perform()

    def until(self, pattern: str) -> None:
        """Wait for a regular expression on the screen; AssertionError with the screen."""
        end = time.monotonic() + PATIENCE
        while not re.search(pattern, self.text) and time.monotonic() < end:
            time.sleep(0.02)
        assert re.search(pattern, self.text), f"{pattern!r} is not on the screen:\n{self.text}"


@contextmanager
def chromium(folder: Path, url: str) -> Iterator[Window]:
    """A browser with a profile of its own on a page, which it leaves by being closed."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    for option in (*OPTIONS, f"--user-data-dir={folder}"):
        options.add_argument(option)
    browser = webdriver.Chrome(options, Service(DRIVER))
    try:
        browser.get(url)
        yield Window(browser)
    finally:
        browser.quit()


def until_left(one: Served, count: int) -> None:
    """Wait until the server has so many apps."""
    end = time.monotonic() + PATIENCE
    while len(one.children) != count and time.monotonic() < end:
        time.sleep(0.02)
    assert len(one.children) == count


def test_two_browsers_have_sessions_of_their_own_and_end_with_their_windows(tmp_path: Path) -> None:
    folder = tmp_path / "served"
    folder.mkdir()
    with served(folder, "by-hand") as one:
        with chromium(tmp_path / "first", one.url) as first:
            first.until(r"step 0 of 10[\s\S]*\? help")
            first.press("n")
            first.until("step 1 UPDATE")
            with chromium(tmp_path / "second", one.url) as second:
                second.until(r"step 0 of 10[\s\S]*\? help")
                second.press("n", "n")
                second.until("step 2 UPDATE")
                assert "step 1 UPDATE" in first.text
                assert len(one.children) == 2
            until_left(one, 1)
            first.press(Keys.ARROW_LEFT)
            first.until("step 0 of 10")
        until_left(one, 0)
        asked = [url for url in (*first.asked, *second.asked) if url.startswith(("http", "ws"))]
        assert {re.sub(r"^\w+(://[^/]*).*", r"http\1", url) for url in asked} == {one.url}, "nothing is from elsewhere"
        assert one.end() == (0, "")
    assert list(folder.iterdir()) == []
