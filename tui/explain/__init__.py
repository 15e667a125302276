"""Numbers in words: equations, sums with their terms, and all about one thing that is selected."""
