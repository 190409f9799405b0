"""The axes of decoding on the command line: `--axis commit=Even(4)` is what the option prints as in Python."""

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from scaffold.cli.showing import MISUSED, stop
from scaffold.denoise.commits import (
    Constant,
    Dilated,
    Dream,
    EntropyBounded,
    Even,
    Factor,
    Hierarchical,
    Klass,
    Threshold,
)
from scaffold.denoise.constraints import BlockPaths, Lattice, Masks, Off
from scaffold.denoise.lengths.daedal import Daedal
from scaffold.denoise.lengths.density import NullDensity
from scaffold.denoise.lengths.expand import Expand
from scaffold.denoise.lengths.fixed import Fixed
from scaffold.denoise.lengths.null_growth import NullGrowth
from scaffold.denoise.lengths.search import LengthSearch
from scaffold.denoise.memory.credit import Credit
from scaffold.denoise.memory.soft_mask import SoftMask
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.regions.adaptive_blocks import AdaptiveBlocks
from scaffold.denoise.regions.blocks import Blocks
from scaffold.denoise.regions.field_order import FieldOrder
from scaffold.denoise.regions.slot_by_slot import SlotBySlot
from scaffold.denoise.regions.whole import Whole
from scaffold.denoise.revisits.low_confidence import LowConfidence
from scaffold.denoise.revisits.remdm import ReMDM
from scaffold.denoise.revisits.token_editing import TokenEditing
from scaffold.denoise.revisits.wino import Wino
from scaffold.denoise.scores import SCORES, AnchorModulated

MEMBERS: Mapping[str, Mapping[str, Callable[..., Any]]] = {
    "score": {"AnchorModulated": AnchorModulated},
    "commit": {
        "Constant": Constant,
        "Dilated": Dilated,
        "Dream": Dream,
        "EntropyBounded": EntropyBounded,
        "Even": Even,
        "Factor": Factor,
        "Hierarchical": Hierarchical,
        "Klass": Klass,
        "Threshold": Threshold,
    },
    "region": {
        "AdaptiveBlocks": AdaptiveBlocks,
        "Blocks": Blocks,
        "FieldOrder": FieldOrder,
        "SlotBySlot": SlotBySlot,
        "Whole": Whole,
    },
    "memory": {"Credit": Credit, "SoftMask": SoftMask},
    "revisit": {"LowConfidence": LowConfidence, "ReMDM": ReMDM, "TokenEditing": TokenEditing, "Wino": Wino},
    "length": {
        "Daedal": Daedal,
        "Expand": Expand,
        "Fixed": Fixed,
        "LengthSearch": LengthSearch,
        "NullDensity": NullDensity,
        "NullGrowth": NullGrowth,
    },
    "constraint": {"BlockPaths": BlockPaths, "Lattice": Lattice, "Masks": Masks, "Off": Off},
}
"""What can be named; position calibration and learned thresholds need what no command line holds."""


def with_axes(options: DenoiseOptions, given: Iterable[str]) -> DenoiseOptions:
    """The options with some axes changed; what makes no sense ends the program.

    Raises:
        DenoiseError: a value is out of range, or two of them contradict each other.
    """
    split = [one.partition("=")[::2] for one in given]
    offered = [field.name for field in fields(DenoiseOptions)]
    for name, _ in split:
        if name not in offered:
            stop(f"--axis {name!r} is not offered (use one of {', '.join(offered)}, as in commit=Even(4))", MISUSED)
    return replace(options, **{name: _value(name, text) for name, text in split})


def _value(axis: str, text: str) -> Any:
    """A number, a word, or a member by its name, with or without arguments."""
    members = MEMBERS.get(axis, {})
    try:
        if axis not in MEMBERS:
            return type(getattr(DenoiseOptions(), axis))(text)
        return text if axis == "score" and text in SCORES else _member(members, text)
    except (SyntaxError, ValueError, TypeError):
        names = ", ".join((*(SCORES if axis == "score" else ()), *members)) or "a number"
        stop(f"--axis {axis}={text} cannot be read (use {names})", MISUSED)


def _member(members: Mapping[str, Callable[..., Any]], text: str) -> Any:
    """A member as it is written in Python.

    Raises:
        ValueError: it is something else.
    """
    match ast.parse(text.strip(), mode="eval").body:
        case ast.Name(id=name) if name in members:
            return members[name]()
        case ast.Call(func=ast.Name(id=name), args=args, keywords=words) if name in members:
            named = {word.arg or "": ast.literal_eval(word.value) for word in words}
            return members[name](*map(ast.literal_eval, args), **named)
        case _:
            raise ValueError(text)
