import pytest

from scaffold.decode.normalise import candidates


def read(text, kind):
    return [(text[one.start : one.stop], one.value_text) for one in candidates(text, kind)]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("17:30", "17:30:00"),
        ("9:05", "09:05:00"),
        ("17:30:15", "17:30:15"),
        ("17:30:15.5", "17:30:15.500000"),
        ("5:30 pm", "17:30:00"),
        ("5:30pm", "17:30:00"),
        ("5 p.m.", "17:00:00"),
        ("5.30 pm", "17:30:00"),
        ("12 am", "00:00:00"),
        ("12:15 PM", "12:15:00"),
        ("17.30 Uhr", "17:30:00"),
        ("8 Uhr", "08:00:00"),
        ("17 Uhr 30", "17:30:00"),
        ("17h30", "17:30:00"),
        ("noon", "12:00:00"),
        ("17:30Z", "17:30:00Z"),
        ("17:30 UTC", "17:30:00Z"),
        ("17:30+02:00", "17:30:00+02:00"),
        ("17:30:00-0500", "17:30:00-05:00"),
    ],
)
def test_a_spelled_time_is_read_where_it_stands(words, value):
    assert read(words, "time")[0] == (words, value)
    assert (words, value) in read(f"It starts at {words} in the hall.", "time")


@pytest.mark.parametrize("text", ["25:00", "12:60", "13 pm", "0 am", "at 5", "1:234", "3.14", "10:20:30:40"])
def test_what_no_clock_shows_is_no_time(text):
    assert candidates(text, "time") == ()


def test_an_offset_is_only_stated_never_added():
    assert read("10:00 UTC", "time") == [("10:00 UTC", "10:00:00Z"), ("10:00", "10:00:00")]


def test_a_hyphen_between_two_times_is_no_offset():
    assert read("10:30-11:00", "time") == [("10:30", "10:30:00"), ("11:00", "11:00:00")]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("2024-03-01T17:30:00Z", "2024-03-01T17:30:00Z"),
        ("2024-03-01 17:30:00 UTC", "2024-03-01T17:30:00Z"),
        ("2024-03-01T17:30", "2024-03-01T17:30:00"),
        ("5 March 2021 at 5:30 pm", "2021-03-05T17:30:00"),
        ("5:30 pm on 5 March 2021", "2021-03-05T17:30:00"),
        ("5. März 2021 um 17.30 Uhr", "2021-03-05T17:30:00"),
        ("March 5, 2021, 17:30", "2021-03-05T17:30:00"),
    ],
)
def test_a_day_and_a_time_side_by_side_are_one_moment(words, value):
    assert read(words, "date-time")[0] == (words, value)


def test_a_day_and_a_time_apart_are_no_moment():
    assert candidates("Signed 5 March 2021. Open until 17:30.", "date-time") == ()


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("2 hours 30 minutes", "PT2H30M"),
        ("2 hours and 30 minutes", "PT2H30M"),
        ("90 min", "PT90M"),
        ("90-minute", "PT90M"),
        ("1.5 hours", "PT90M"),
        ("1h30", "PT1H30M"),
        ("3 days", "P3D"),
        ("two weeks", "P14D"),
        ("1 year, 2 months", "P1Y2M"),
        ("1 day 4 hours", "P1DT4H"),
        ("2 Stunden und 5 Minuten", "PT2H5M"),
        ("trois jours", "P3D"),
        ("PT2H30M", "PT2H30M"),
    ],
)
def test_a_spelled_length_of_time_is_read(words, value):
    assert read(f"It takes {words} in all", "duration")[0] == (words, value)


@pytest.mark.parametrize("text", ["2 houses", "1.5 months", "hours", "5 pm"])
def test_what_is_no_length_of_time_is_left_alone(text):
    assert candidates(text, "duration") == ()
