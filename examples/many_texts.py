"""Fill many texts in batches; a text that gives no valid object fails alone."""

from typing import Literal

from pydantic import BaseModel

import scaffold

TEXTS = [
    "The parcel for Ms Brandt came with a broken lid. I want my money back.",
    "How do I change the e-mail address of my account? Regards, Tom Iversen",
    "Still waiting for order KX-20417, it should have been here on Monday!",
]


class Ticket(BaseModel):
    category: Literal["defect", "account", "delivery", "other"]
    customer: str | None
    order: str | None


def main():
    filler = scaffold.Filler(preset="fast")
    for text, result in zip(TEXTS, filler.fill_many(Ticket, TEXTS, batch_size=2), strict=True):
        if isinstance(result, scaffold.FillFailure):
            print("failed:", result.error)
        else:
            print(f"{result.value!r}  <- {text}")


if __name__ == "__main__":
    main()
