"""Where files of the program go."""
