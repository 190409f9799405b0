from hypothesis import settings

# No deadline: the first example of a test may compile an automaton or read Unicode's tables; later ones do not.
settings.register_profile("suite", deadline=None, max_examples=40)
settings.load_profile("suite")
