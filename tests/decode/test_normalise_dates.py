from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.decode.candidate import Candidate
from scaffold.decode.normalise import candidates


def read(text, kind="date"):
    """What stands in the text and what it is read as, likeliest readings only."""
    return [(text[one.start : one.stop], one.value_text) for one in candidates(text, kind) if not one.rank]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("10 December 1815", "1815-12-10"),
        ("December 10, 1815", "1815-12-10"),
        ("December 10th, 1815", "1815-12-10"),
        ("10th of December 1815", "1815-12-10"),
        ("10th of December, 1815", "1815-12-10"),
        ("Dec 10 1815", "1815-12-10"),
        ("Dec. 10, 1815", "1815-12-10"),
        ("10 DEC 1815", "1815-12-10"),
        ("10-Dec-1815", "1815-12-10"),
        ("Sept. 9, 2001", "2001-09-09"),
        ("9 Mar '21", "2021-03-09"),
        ("10. Dezember 1815", "1815-12-10"),
        ("3. März 2021", "2021-03-03"),
        ("10. Dez. 1815", "1815-12-10"),
        ("1er mars 2020", "2020-03-01"),
        ("14 juillet 1789", "1789-07-14"),
        ("4 août 2020", "2020-08-04"),
        ("10 de diciembre de 1815", "1815-12-10"),
        ("10 dicembre 1815", "1815-12-10"),
        ("25 de abril de 1974", "1974-04-25"),
        ("5 mei 2020", "2020-05-05"),
        ("11 listopada 1918", "1918-11-11"),
        ("4 марта 2021", "2021-03-04"),
        ("2021. március 4.", "2021-03-04"),
        ("2 سبتمبر 2022", "2022-09-02"),
        ("3 फ़रवरी 2020", "2020-02-03"),
        ("5 मई 2021", "2021-05-05"),
        ("2021年3月4日", "2021-03-04"),
        ("2021-03-04", "2021-03-04"),
        ("2021/03/04", "2021-03-04"),
        ("20210304", "2021-03-04"),
        ("25/12/2020", "2020-12-25"),
        ("12/25/2020", "2020-12-25"),
        ("25.12.2020", "2020-12-25"),
        ("25-12-2020", "2020-12-25"),
        ("29 February 2024", "2024-02-29"),
        ("31.12.69", "1969-12-31"),
        ("31.12.68", "2068-12-31"),
    ],
)
def test_a_spelled_day_is_read_where_it_stands(words, day):
    assert read(words)[0] == (words, day)
    assert (words, day) in read(f"On {words}, it rained; nobody came.")


@pytest.mark.parametrize(
    "text",
    [
        "March 2020",
        "in 1999",
        "tomorrow",
        "next Tuesday",
        "10 December",
        "29 February 2023",
        "31/02/2021",
        "0 May 2020",
        "version 1.2.2020.4",
        "192.168.10.12",
        "phone 555-12-2020-7",
        "10 Gember 1815",
        "12345678",
        "",
    ],
)
def test_what_does_not_state_a_whole_day_is_no_date(text):
    assert candidates(text, "date") == ()


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("03/04/2021", ["2021-03-04", "2021-04-03"]),
        ("03.04.2021", ["2021-04-03", "2021-03-04"]),
        ("03-04-2021", ["2021-04-03", "2021-03-04"]),
        ("05/05/2021", ["2021-05-05"]),
        ("03/04/2021, then 25/12/2020", ["2021-04-03", "2021-03-04"]),
        ("03/04/2021, then 12/25/2020", ["2021-03-04", "2021-04-03"]),
        ("03.04.2021, then 12.25.2020", ["2021-03-04", "2021-04-03"]),
        ("03/04/2021 est la date de la facture pour les clients", ["2021-04-03", "2021-03-04"]),
    ],
)
def test_an_open_order_gives_both_days_and_the_evidence_orders_them(text, readings):
    first = [one for one in candidates(text, "date") if one.start == 0]
    assert [one.value_text for one in first] == readings
    assert [one.rank for one in first] == list(range(len(readings)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("27–29 November 1852", [("27", "1852-11-27"), ("29 November 1852", "1852-11-29")]),
        ("27 to 29 November 1852", [("27", "1852-11-27"), ("29 November 1852", "1852-11-29")]),
        ("27 November - 3 December 1852", [("27 November", "1852-11-27"), ("3 December 1852", "1852-12-03")]),
        ("November 27–29, 1852", [("November 27", "1852-11-27"), ("29, 1852", "1852-11-29")]),
    ],
)
def test_the_first_day_of_a_range_borrows_what_the_second_states(text, expected):
    assert read(text) == expected


def test_article_and_weekday_may_belong_to_the_quotation():
    assert read("the 3rd of May 2020") == [("the 3rd of May 2020", "2020-05-03"), ("3rd of May 2020", "2020-05-03")]
    assert read("Tuesday, 3 May 2022") == [("Tuesday, 3 May 2022", "2022-05-03"), ("3 May 2022", "2022-05-03")]
    assert read("Anna, 3 May 2022") == [("3 May 2022", "2022-05-03")]


def test_offsets_count_characters_also_after_combining_ones_and_emoji():
    text = "\U0001f382 ne\u0301e le 4 aou\u0302t 2020"
    (found,) = candidates(text, "date")
    assert text[found.start : found.stop] == "4 aou\u0302t 2020"
    assert found == Candidate(text.index("4"), len(text), "2020-08-04")


def test_two_lives_in_one_sentence_are_two_dates():
    text = "Ada Lovelace (10 December 1815 – 27 November 1852) was an English mathematician."
    assert read(text) == [("10 December 1815", "1815-12-10"), ("27 November 1852", "1852-11-27")]


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%B %d, %Y"]))
def test_every_day_that_is_written_is_found(day, style):
    year = f"{day.year:04}"
    words = day.strftime(style.replace("%Y", year))
    assert (words, day.isoformat()) in read(f"It was {words}.")


@given(st.text(alphabet="0123456789/.-, abMayTZ:年月日", max_size=60))
def test_any_text_gives_real_days_inside_it(text):
    for one in candidates(text, "date"):
        assert 0 <= one.start < one.stop <= len(text)
        assert date.fromisoformat(one.value_text).isoformat() == one.value_text
