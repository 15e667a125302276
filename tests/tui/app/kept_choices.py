"""Checks of keys whose choice is kept, for `test_every_key`."""


async def switches_all_guides(driver, key):
    scenario = driver.session.scenario
    assert driver.app.follows_guide(scenario)
    await driver.press(key)
    assert not driver.app.follows_guide(scenario)
    await driver.press(key)
    assert driver.app.follows_guide(scenario)


async def draws_in_ascii_or_in_unicode(driver, key):
    assert not driver.text.isascii()
    await driver.press(key)
    await driver.until(lambda: driver.text.isascii())
    await driver.press(key)
    await driver.until(lambda: not driver.text.isascii())


async def changes_the_theme(driver, key):
    themes = {driver.app.theme}
    for _ in range(3):
        await driver.press(key)
        themes.add(driver.app.theme)
    assert len(themes) == 4
