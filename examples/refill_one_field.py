"""Correct one field by hand, and let the model decide another one again with that in view."""

from pydantic import BaseModel

import scaffold

TEXT = "Meet Dana and Luis at the harbour office on Tuesday at 9:30, not at the warehouse."


class Meeting(BaseModel):
    place: str
    day: str | None
    people: list[str]


def main():
    filler = scaffold.Filler()
    first = filler.fill(Meeting, TEXT).value
    print("first: ", first)
    corrected = first.model_copy(update={"people": ["Dana", "Luis"]})
    again = filler.refill(Meeting, corrected, TEXT, paths=["/place"])
    print("again: ", again.value)


if __name__ == "__main__":
    main()
