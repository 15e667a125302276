"""What those keys do that ask for something: coroutines, begun by `keys`, where the plain moves are, too."""
