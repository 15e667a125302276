"""What the user wants of the app: as the configuration says it, and as it was chosen in the app before."""
