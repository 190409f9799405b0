"""Canvases without a layout behind them, alone and as padded batches."""

import torch

from scaffold.denoise.canvas import Canvas

SLOTS = ((8, 14), (20, 29))


def canvas_of(model, length=40, seed=1, slots=SLOTS):
    """One row of random text with open slots."""
    tokens = torch.randint(0, 256, (1, length), generator=torch.Generator().manual_seed(seed))
    offset = torch.full_like(tokens, -1)
    for start, stop in slots:
        offset[0, start:stop] = torch.arange(stop - start)
    masked = offset >= 0
    return Canvas(tokens.masked_fill(masked, model.mask_id), masked, torch.ones_like(masked), offset, offset < 0)


def asked(canvas):
    """Rows and columns of all open positions."""
    found = canvas.masked.nonzero()
    return found[:, 0], found[:, 1]


def stacked(canvases, padding=0, side="right"):
    """Rows of different lengths as one batch."""
    length = max(c.tokens.shape[1] for c in canvases) + padding

    def wide(name, value):
        rows = [getattr(c, name)[0] for c in canvases]
        missing = [length - len(row) for row in rows]
        ends = [(0, m) if side == "right" else (m, 0) for m in missing]
        return torch.stack(
            [torch.nn.functional.pad(row, end, value=value) for row, end in zip(rows, ends, strict=True)]
        )

    fills = {"tokens": 0, "masked": False, "attend": False, "offset": -1, "source": False}
    return Canvas(*(wide(name, value) for name, value in fills.items()))
