"""How long the tests wait: for what must come, and before what must not have taken long.

A limit is there so that a failing test ends, not to measure: every one is written for an idle machine and multiplied here,
because the tests run several at a time, and beside other work. UKEY_TEST_PATIENCE sets the factor. Speed is measured by
`make bench`.
"""

import os
import time

FACTOR = float(os.environ.get("UKEY_TEST_PATIENCE") or 4)


def limit(seconds):
    """`seconds` of an idle machine on this one."""
    return seconds * FACTOR


def until(test, timeout=10.0, what=None):
    """Waits until `test()` gives something, and returns it; `what` (a value, or a function) is shown when it does not."""
    deadline = time.monotonic() + limit(timeout)
    while True:
        found = test()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {limit(timeout):g} s: {what() if callable(what) else what or test}")
        time.sleep(0.02)
