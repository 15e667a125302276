"""The patience of type-ahead is measured in time in which the loop could have done something."""

from tui.app.type_ahead import LOOKS, FreeTime


class Loop:
    """An event loop whose clock is moved by the test; it may be blocked while the clock goes on."""

    def __init__(self):
        self.now, self.waiting = 0.0, []

    def call_later(self, seconds, callback):
        handle = Handle(self.now + seconds, callback)
        self.waiting.append(handle)
        return handle

    def go_on(self, seconds, blocked=False):
        """Let time pass, in small steps or, where the loop is blocked, at once."""
        for _ in range(1 if blocked else 100):
            self.now += seconds if blocked else seconds / 100
            due = [handle for handle in self.waiting if handle.when <= self.now]
            self.waiting = [handle for handle in self.waiting if handle.when > self.now]
            for handle in due:
                handle.run()


class Handle:
    def __init__(self, when, callback):
        self.when, self.run = when, callback

    def cancel(self):
        self.run = lambda: None


def waited(seconds=1.0):
    loop, called = Loop(), []
    return loop, called, FreeTime(loop, seconds, lambda: called.append(loop.now))


def test_a_free_loop_calls_back_after_the_time():
    loop, called, _ = waited()
    loop.go_on(0.95)
    assert called == []
    loop.go_on(0.3)
    assert len(called) == 1


def test_time_in_which_the_loop_was_blocked_does_not_count():
    loop, called, _ = waited()
    loop.go_on(60, blocked=True)
    assert called == []
    loop.go_on(1 - 2 / LOOKS)
    assert called == []
    loop.go_on(60, blocked=True)
    loop.go_on(0.5)
    assert len(called) == 1


def test_what_is_cancelled_is_not_called():
    loop, called, time = waited()
    loop.go_on(0.5)
    time.cancel()
    loop.go_on(2)
    assert called == []
