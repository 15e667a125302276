"""The catalogue of mistakes: named wrong ways to compute an operation of a step, and which of them a number is."""
