"""What a result says of the parts that were left out, held against definitions that are slow and plain."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from scaffold.layout.decisions import Decisions
from scaffold.pipeline.results import left_out, log_presence

SITES = st.lists(st.sampled_from(["a", "b", 0, -1]), max_size=4).map(tuple)


@dataclass
class OfRow:
    """What is read of a row."""

    decisions: Decisions
    presence: dict


@given(st.dictionaries(SITES, st.floats(-9, 0)), SITES)
def test_the_presence_of_a_part_is_the_chance_of_every_decision_around_it(presence, site):
    around = [chance for at, chance in presence.items() if site[: len(at)] == at]
    assert abs(log_presence(OfRow(Decisions(), presence), site) - sum(around)) < 1e-9


@given(st.dictionaries(st.tuples(SITES, st.sampled_from(["", "null"])), st.booleans()))
def test_a_part_inside_another_one_that_was_left_out_is_not_told(maybes):
    gone = [key for key, is_present in maybes.items() if not is_present]
    outermost = [
        (site, absent)
        for site, absent in gone
        if not any(site[: len(at)] == at and len(at) < len(site) for at, _ in gone)
    ]
    assert left_out(OfRow(Decisions(maybes=maybes), {})) == outermost
