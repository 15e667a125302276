"""What each pane shows: pure drawing of a frame, and what a key or the mouse selects in it."""
