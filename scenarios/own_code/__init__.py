"""The learner's own code: exercises, their check, recorded loops and how they differ."""
