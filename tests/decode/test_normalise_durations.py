import pytest

from scaffold.decode.normalise import candidates


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("It took 27 days.", [("27 days", "P27D")]),
        ("Dauer: 2 Std. 5 Min.", [("2 Std. 5 Min", "PT2H5M"), ("2 Std", "PT2H"), ("5 Min", "PT5M")]),
        ("after 90 min", [("90 min", "PT90M")]),
    ],
)
def test_a_length_of_time_ends_before_the_point_of_its_sentence(text, readings):
    assert [(text[one.start : one.stop], one.value_text) for one in candidates(text, "duration")] == readings
