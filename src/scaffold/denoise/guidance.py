"""Classifier-free guidance: what the prompt says, against what the template alone suggests."""

from collections.abc import Sequence

import torch

from scaffold.denoise.canvas import Canvas
from scaffold.denoise.frame import Frame
from scaffold.denoise.shapes import Logits, Mask


def guided(conditional: Logits, unconditional: Logits, scale: float) -> Logits:
    """Move the prediction away from the one without a prompt: `c + scale * (c - u)`, off at 0.

    LLaDA (arXiv:2502.09992) writes it `u + (scale + 1) * (c - u)`. The constraint comes afterwards, so nothing here
    is infinite. On a slot it also moves null: up exactly where the template, not the prompt, wanted content.
    """
    return conditional + scale * (conditional - unconditional)


def prompts(frames: Sequence[Frame], canvas: Canvas) -> Mask:
    """The positions to blank: the caller's text, and nothing of the template or of what frames the text.

    LLaDA blanks whatever was no mask at the start, which here would be the whole template as well.
    """
    blank = torch.zeros_like(canvas.masked)
    for index, row in enumerate(row for f in frames for row in f.variants):
        start, stop = row.request.source
        blank[index, start:stop] = True
    return blank
