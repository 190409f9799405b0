"""Fill a type from a text, and look at what came of each field."""

from datetime import date
from typing import Literal

from pydantic import BaseModel

import scaffold

TEXT = "Grace Hopper was born in New York on 9 December 1906. She was a rear admiral in the US Navy."


class Person(BaseModel):
    name: str
    born: date | None
    birthplace: str | None
    branch: Literal["army", "navy", "air force"] | None


def main():
    result = scaffold.Filler().fill(Person, TEXT)
    print(repr(result.value))
    for pointer, field in result.fields.items():
        print(f"{pointer:12} {field.status:10} {field.confidence:.2f}  {field.value!r}")


if __name__ == "__main__":
    main()
