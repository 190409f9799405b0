"""Work for other processes: these import it by name, which they cannot do with a test file."""

import math
import os

from scaffold.evals.compile_engines import ours


def waste(folder):
    """Take processor time, and leave a file behind."""
    math.factorial(60_000)
    (folder / str(os.getpid())).touch()


def late_on_integers(text):
    """An engine that never ends on a bounded integer."""
    while '"maximum"' in text:
        pass
    return ours('{"type": "string"}')


def dead_on_integers(text):
    """An engine that takes its process down on a bounded integer."""
    if '"maximum"' in text:
        os._exit(3)
    return ours('{"type": "string"}')
