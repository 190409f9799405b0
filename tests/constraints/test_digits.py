import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.constraints.digits import POINT, SYMBOLS, Comparison, Multiple

DIGITS = range(10)
MAGNITUDES = st.tuples(st.integers(0, 999), st.sampled_from(["", "5", "05", "999"]))


def states_of(machine, start, text):
    """The states that the machine goes through."""
    states = [start]
    for symbol in text:
        states.append(machine.step(states[-1], symbol))
        if states[-1] is None:
            return states[:-1]
    return states


@given(MAGNITUDES, st.booleans(), st.lists(st.sampled_from(DIGITS), max_size=4), st.lists(st.sampled_from(DIGITS)))
def test_digits_that_are_alike_compare_the_same_with_a_bound(bound, is_most, before, behind):
    machine = Comparison(str(bound[0]), bound[1], is_most)
    for state in states_of(machine, (False, 0, "equal"), [*before, POINT, *behind]):
        for symbols in machine.alike(state):
            digits = [symbol for symbol in DIGITS if symbols >> symbol & 1]
            assert len({machine.step(state, digit) for digit in digits}) <= 1


@pytest.mark.parametrize("state", [(False, 0, "equal"), (False, 1, "less"), (True, 0, "equal"), (True, 2, "more")])
def test_every_symbol_is_alike_with_some(state):
    for machine in (Comparison("120", "5", is_most=True), Multiple(7, 2)):
        assert sum(machine.alike(state)) == (1 << len(SYMBOLS)) - 1
