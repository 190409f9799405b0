import os

from hypothesis import settings

# Tests run in two processes; threads of tensor operations beside them would only wait. Set before torch is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# No deadline: the first example of a test may compile an automaton or read Unicode's tables; later ones do not.
settings.register_profile("suite", deadline=None, max_examples=40)
settings.load_profile("suite")
