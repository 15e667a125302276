"""All about one thing that is selected: its number now and over time, the sums it is part of, what drives it."""
