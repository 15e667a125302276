"""What panes and lines are drawn on, and the one table of keys."""
