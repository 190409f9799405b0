"""Run by itself: gaps between a compiled and a plain model, the graphs it took, and where they broke.

Not inside of a test: shapes are checked there by wrappers, which torch would compile as well.
"""

import json
import sys
from pathlib import Path

import replicas
import torch
import torch._dynamo
from canvases import asked, canvas_of, stacked

from scaffold.models.load import LoadOptions, load

name, reuse, folder = sys.argv[1:]
getattr(replicas, name)(Path(folder))
plain = load(folder, "cpu", LoadOptions(reuse=reuse))
compiled = load(folder, "cpu", LoadOptions(reuse=reuse, compiled="eager", is_probed=False))
gaps = []
for lengths in ((40,), (47, 33), (61, 50)):
    canvas = stacked([canvas_of(plain, length, length) for length in lengths])
    for _ in range(2):
        gap = (compiled(canvas, *asked(canvas)) - plain(canvas, *asked(canvas))).abs().max()
        gaps.append(float(gap))
counters = torch._dynamo.utils.counters
print(json.dumps([max(gaps), counters["stats"]["unique_graphs"], list(counters["graph_break"])]))
