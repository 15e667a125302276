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


@pytest.mark.parametrize("stopped", [False, True])
def test_many_samples_are_read_beside_the_screen_and_esc_stops(tmp_path, monkeypatch, stopped):
    monkeypatch.setattr("tui.simulator.reading.LARGE", 1000)
    file = tmp_path / "many.toml"
    file.write_text("format = 1\nname = 'many'\n[data]\ncsv = 'many.csv'\n[[lanes]]\nid = 'one'\nhidden = [2]\n")
    (tmp_path / "many.csv").write_text("x1,y1\n" + "1,2\n0.5,1\n" * 200_000)
    words = []

    async def walk(driver):
        picker = driver.app.screen
        about = picker._about
        monkeypatch.setattr(picker, "_about", lambda content: (words.append(str(content)), about(content)))
        picker.query_one(Input).focus()
        await driver.type(str(file))
        await driver.press("enter")
        if stopped:
            await driver.press("escape")
            await driver.until(lambda: "not read" in said(driver))
            assert driver.dialog == "Picker"
        else:
            await driver.until(lambda: not driver.dialog)
            assert driver.session.scenario.name == "many"
        assert any(one.startswith("reading samples… ") and one.endswith("esc stops") for one in words)

    drive(None, walk)
