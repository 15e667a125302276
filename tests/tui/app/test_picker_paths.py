"""Paths typed into the picker: whatever they are, they are answered in words."""

import os
from pathlib import Path

import pytest
from textual.widgets import Input, Static

from tests.pilot import drive


def said(driver):
    return str(driver.app.screen.query_one("#about", Static).content)


def answered(text, words):
    """Type a path and press enter; the picker says these words about it."""

    async def walk(driver):
        driver.app.screen.query_one(Input).focus()
        await driver.type(text)
        await driver.press("enter")
        await driver.until(lambda: words in said(driver))
        assert driver.dialog == "Picker"

    drive(None, walk)


@pytest.mark.parametrize("text", ["~nosuch/", "~nosuch/file.toml", "/nosuch/file.toml", "x" * 300 + "/file.toml"])
def test_what_is_not_there_is_said_so(text):
    answered(text, "cannot read it: " if text.endswith(".toml") else "there is no such scenario")


def test_a_folder_that_must_not_be_read_lists_nothing(tmp_path, monkeypatch):
    def refused(folder):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refused)
    answered(f"{tmp_path}/", "there is no such scenario")


@pytest.mark.parametrize("name", ["pipe.toml", "pipe.gradstep", "pipe"])
def test_a_named_pipe_is_refused(tmp_path, name):
    os.mkfifo(tmp_path / name)
    answered(f"{tmp_path}/{name}", "it is a named pipe")


def test_a_device_is_refused():
    answered("/dev/zero", "it is a device")
