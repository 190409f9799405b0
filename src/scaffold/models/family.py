"""What is known of a model family: its shape in transformers, its quirks, its special tokens, its checkpoints."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from scaffold.errors import ModelError
from scaffold.models.network import Decoder, Network
from scaffold.models.topology import Everything, Topology

Fields = Mapping[str, Any]
"""A published config.json; where it is read to be loaded, with the name of the model under `NAME`."""
NAME = "_name_or_path"

Role = Literal["masked", "uniform", "causal"]
"""Fills masks; turns noise into text; writes from left to right."""

KNOWN_MASKS = ("<|mdm_mask|>", "[MDM_MASK]", "<|mask|>", "<|MASK|>", "<[MASK]>", "[MASK]", "<mask>")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A published model, and how far its adapter has been compared with the original."""

    name: str
    licence: str
    verified: str


def same_fields(fields: Fields) -> Fields:
    """The published config is already that of the class in transformers."""
    return fields


def full_attention(fields: Fields) -> Topology:
    """Masked diffusion over the whole canvas."""
    del fields  # nothing in the config changes it
    return Everything()


@dataclass(frozen=True, slots=True)
class Family:
    """One row of the registry; everything that tells a family from another is data here.

    `key_map` rewrites published tensor names, by regular expressions tried in order, into those of `network`;
    a rule holds at most one group, more are dropped silently by transformers.
    """

    name: str
    model_types: tuple[str, ...]
    """`model_type` of the published config.json."""
    network: str
    """Class in transformers that carries the same arithmetic; of ours, where there is none."""
    needs_field: str | None = None
    """Field of the config that tells the family from others of the same `model_type`."""
    architectures: tuple[str, ...] = ()
    """Published classes that tell it as well: one of the two is enough."""
    checkpoints: tuple[Checkpoint, ...] = ()
    config: Callable[[Fields], Fields] = same_fields
    """From the published config to that of `network`."""
    only: Mapping[str, tuple[Any, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Fields of the config that change what is computed, and their values that `network` carries out."""
    key_map: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    topology: Callable[[Fields], Topology] = full_attention
    is_shifted: bool = False
    """Whether the output at i - 1 predicts position i."""
    role: Role = "masked"
    wrap: Callable[[Any], Network] = Decoder
    """What calls the parts of the module."""
    build: Callable[[Fields], Any] | None = None
    """Makes the module where transformers has none."""
    mask_id: int | None = None
    """Published id, for checkpoints that say it nowhere else."""
    mask_text: str | None = None
    null_fields: tuple[str, ...] = ()
    """Config fields that name a token trained to mean "no more content here"."""
    expand_field: str = "expand_token_id"
    """Config field that names a token which stands for two masks."""
    terminators: tuple[str, ...] = ()
    """Special tokens that end an answer, besides the tokenizer's own."""
    has_memory: bool = True
    """Whether keys and values can be kept from call to call."""
    lost_places: int = 0
    """Positions of the window that cannot be used."""
    unused: tuple[str, ...] = ()
    """Published tensors, by regular expressions, that `network` has no use for."""


def refuse_unknown_values(family: Family, fields: Fields) -> None:
    """Hold a config against what the family's network can do; a field without a value is at its default.

    Raises:
        ModelError: a field asks for something else.
    """
    for name, known in family.only.items():
        value = fields.get(name)
        if value is not None and value not in known:
            allowed = " or ".join(map(repr, known)) or "no value"
            message = f"{family.name} is not computed here with {name}={value!r}, only with {allowed}"
            raise ModelError((), message, "use a checkpoint that has it so, or pass a predictor of your own")


def fields_named(renamed: Mapping[str, str], fields: Fields) -> Fields:
    """`fields` with published names (keys of `renamed`) replaced by those of transformers."""
    old = set(renamed)
    kept = {name: value for name, value in fields.items() if name not in old}
    return kept | {new: fields[name] for name, new in renamed.items() if fields.get(name) is not None}


def block_length(fields: Fields, default: int, *names: str) -> int:
    """Block length that a checkpoint was trained with: the first of `names` that its config sets."""
    found = next((fields[name] for name in (*names, "block_size", "block_length") if fields.get(name)), default)
    return int(found)
