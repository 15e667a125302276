"""Pure functions from data and a size to terminal cells."""
