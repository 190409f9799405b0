"""Filling the slots: canvas, slot posteriors, scores, commit rules, structure, and the one loop."""
