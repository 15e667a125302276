"""What the keys of maps do: which samples stand on them, and how fine they are."""


async def leaves_the_wrong_samples_alone_on_the_maps(driver, key):
    marks = driver.text.count("○")
    await driver.press(key)
    await driver.until(lambda: driver.text.count("○") < marks / 2)
    await driver.press(key)
    await driver.until(lambda: driver.text.count("○") == marks)


async def draws_maps_in_halves_of_cells(driver, key):
    await driver.until(lambda: "▌" in driver.text)
    await driver.press(key)
    await driver.until(lambda: not set("▌▖▗▘▝▙▛▜▟") & set(driver.text))
    await driver.press(key)
