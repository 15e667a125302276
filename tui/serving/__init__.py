"""The app in a browser tab."""
