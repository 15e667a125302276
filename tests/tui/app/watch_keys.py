"""The check of the key that keeps a watch, for `test_every_key`."""


async def keeps_a_watch(driver, key):
    panes = driver.simulator.panes
    kinds, focused = panes.kinds, panes.focused_pane
    await driver.press(key)
    await driver.until(lambda: driver.dialog == "WatchList")
    await driver.type("one.W1[0,1]")
    await driver.press("enter", "escape")
    await driver.until(lambda: not driver.dialog and "watch" in panes.kinds and "one.W1[0,1] " in driver.text)
    assert driver.session.watched == ("one.W1[0,1]",)
    assert panes.focused_pane.kind == "watch"
    panes.kinds, panes.focused_pane = kinds, focused
    driver.simulator.place_panes()
