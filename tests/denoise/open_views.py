"""Open positions of a row, as the commit rules see them."""

from dataclasses import fields, replace

import torch
from hypothesis import strategies as st
from torch import Tensor

from scaffold.denoise.commits import Open

UNIT = st.floats(0, 1)


def row_of(confidence, *, slot=None, offset=None, is_null=None, **more):
    """One slot of content, unless told otherwise."""
    size = len(confidence)
    confidence = torch.tensor(confidence, dtype=torch.float64)
    slot = torch.zeros(size, dtype=torch.long) if slot is None else torch.tensor(slot)
    offset = torch.arange(size) if offset is None else torch.tensor(offset)
    is_null = torch.zeros(size, dtype=torch.bool) if is_null is None else torch.tensor(is_null)
    long = torch.tensor([int(offset[slot == k].max()) + 1 for k in slot])
    return Open(confidence, confidence, 1 - confidence, slot, offset, is_null, 5 * ~is_null, long, size, **more)


def remaining(view, left):
    """The view once only the positions `left` are open."""
    columns = [f.name for f in fields(view) if isinstance(getattr(view, f.name), Tensor)]
    return replace(view, **{name: getattr(view, name)[left] for name in columns})


@st.composite
def views(draw, *, nulls=True):
    """Open positions of a row; certain positions (confidence 1, entropy 0) are frequent."""
    lengths = draw(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3 * nulls)), min_size=1, max_size=4))
    positions = [(s, k, k >= c) for s, (c, n) in enumerate(lengths) for k in range(c + n)] or [(0, 0, False)]
    slot, offset, is_null = zip(*positions, strict=True)
    size = len(positions)
    confidence = draw(st.lists(st.one_of(UNIT, st.just(1.0)), min_size=size, max_size=size))
    drift = draw(st.none() | st.lists(st.sampled_from([0.0, 0.005, 1.0, float("inf")]), min_size=size, max_size=size))
    entropy = torch.tensor([0.0 if c == 1 else 1.5 * (1 - c) + 0.01 for c in confidence], dtype=torch.float64)
    names = tuple("/" + draw(st.sampled_from("ab")) for _ in lengths)
    view = row_of(confidence, slot=slot, offset=offset, is_null=is_null, names=names)
    drift = None if drift is None else torch.tensor(drift, dtype=torch.float64)
    return replace(view, scores=-entropy, entropy=entropy, drift=drift)
