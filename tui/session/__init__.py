"""What the learner has: the runs of lanes, the cursor over them, and what was done; it knows no screen."""
