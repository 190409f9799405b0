"""Put another network behind `scaffold`: anything that predicts every open position of a canvas at once.

This one has no weights. It likes the characters of the prompt, so what it writes is nonsense; that the result
is a valid object all the same is the point.
"""

import torch
from pydantic import BaseModel

import scaffold
from scaffold.testing import ByteTokenizer


class Parrot:
    """A `MaskPredictor` that prefers what it has read."""

    tokenizer = ByteTokenizer()
    mask_id = ByteTokenizer.mask_id
    null_id = ByteTokenizer.null_id
    max_length = 4096

    def prompt(self, text):
        ids = self.tokenizer.encode(text)
        return (*ids, *self.tokenizer.encode("\n")), 0, len(ids)

    def __call__(self, canvas, rows, columns):
        logits = torch.zeros(len(rows), len(self.tokenizer.token_bytes))
        for index, row in enumerate(rows.tolist()):
            read = canvas.tokens[row][canvas.source[row]]
            logits[index].index_add_(0, read.long(), torch.ones(len(read)))
        logits[:, self.null_id] = 1.0 + canvas.offset[rows, columns]  # the longer a slot, the likelier its end
        return logits


class Order(BaseModel):
    dish: str
    plates: int
    is_vegan: bool


def main():
    print(repr(scaffold.fill(Order, "three plates of lentils, please", model=Parrot())))


if __name__ == "__main__":
    main()
