"""Show a person only the fields that the model is not sure of, with the place in the text they come from."""

from pydantic import BaseModel

import scaffold

TEXT = "Two return tickets to Lisbon, leaving on 14 March and back a week later. Window seats if you can. M. Okafor"


class Booking(BaseModel):
    passenger: str | None
    destination: str | None
    departure: str | None
    tickets: int | None
    seat: str | None


def main():
    result = scaffold.Filler(preset="quality").fill(Booking, TEXT)
    for pointer in result.needs_review(threshold=0.9):
        field = result.fields[pointer]
        start, stop = field.source or (0, 0)
        print(f"{pointer}: {field.value!r} ({field.confidence:.0%} sure)")
        print(f"  from: {TEXT[start:stop] or 'nowhere in the text'}")


if __name__ == "__main__":
    main()
