from hypothesis import settings

# The first example of a test may compile an automaton or read Unicode's tables; later ones do not.
settings.register_profile("compiling", deadline=None, max_examples=60)
settings.load_profile("compiling")
