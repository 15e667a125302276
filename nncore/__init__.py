"""The mathematics of gradstep: networks, training and time travel, on NumPy alone."""
