"""The check of the keys that look at a part of the loss chart's x axis."""

import re


async def shows_all_of_the_loss_chart_again(driver, key):
    """Closer, along, and all again: neither the speed nor the cursor changes."""
    driver.session.go_to(100)
    await driver.press("escape")
    while driver.simulator.panes.focused_pane.kind != "loss":
        await driver.press("tab")
    speed, step = driver.simulator.playback.player.speed, driver.cursor[0]
    await driver.press("enter", "plus", "plus")
    await driver.until(lambda: re.search(r"steps \d+…\d+ of", driver.text))
    before = driver.text
    await driver.press("comma")
    await driver.until(lambda: driver.text != before)
    assert (driver.simulator.playback.player.speed, driver.cursor[0]) == (speed, step)
    await driver.press(key)
    await driver.until(lambda: "loss · log · over steps" in driver.text)
    await driver.press("escape")
