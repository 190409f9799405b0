"""From a model's name to a predictor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from scaffold.denoise.predictor import MaskPredictor
from scaffold.errors import ModelError
from scaffold.models.chat import framing
from scaffold.models.checkpoint import config_of, locate, read_json
from scaffold.models.devices import device_of, precision_for
from scaffold.models.embedded import load_embedded
from scaffold.models.engine import Engine
from scaffold.models.family import Family, Fields
from scaffold.models.hub_tokenizer import read_tokenizer
from scaffold.models.masked_model import MaskedModel, Traits
from scaffold.models.network import Decoder, Encoder
from scaffold.models.nulls import NullReader
from scaffold.models.registry import FAMILIES, Registry, family_of
from scaffold.models.reuse import REUSES, Reuse
from scaffold.models.special_ids import Sources, special_ids
from scaffold.models.topology import Blocks, Everything, Topology
from scaffold.models.weights import load_module

DEFAULT = "default"
EMBEDDED = "scaffold_slot_filler"


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """What loading may be told besides name and device.

    Raises:
        ModelError: a value is not one of those offered.
    """

    family: Family | str | None = None
    """For checkpoints whose config does not say it: a name of the registry, or a family of one's own."""
    registry: Registry = field(default_factory=lambda: FAMILIES)
    dtype: torch.dtype | None = None
    device_map: Any = None
    """See transformers; the device is then not ours to choose."""
    quantization: Any = None
    """A quantization config of transformers (8 or 4 bits)."""
    attention: str = "sdpa"
    reuse: Reuse | None = None
    """See `Reuse`; by default what is exact."""
    block_length: int | None = None
    mask_id: int | None = None
    null_id: int | None = None
    revision: str | None = None

    def __post_init__(self) -> None:
        """See `LoadOptions`."""
        if self.reuse is not None and self.reuse not in REUSES:
            raise ModelError((), f"reuse={self.reuse!r} is not offered", f"use one of {', '.join(REUSES)}")


def load(name: str, device: str | None = None, options: LoadOptions | None = None) -> MaskPredictor:
    """Load the embedded default, a folder, or a model of the hub.

    Raises:
        ModelError: there is no such model, or it is of a kind that cannot be loaded.
    """
    folder = (
        Path(__file__).parent / DEFAULT
        if name == DEFAULT
        else locate(name, None if options is None else options.revision)
    )
    fields = config_of(folder)
    if fields.get("model_type") == EMBEDDED:
        return load_embedded(folder, device_of(device))
    return load_native(folder, fields, device_of(device), options or LoadOptions())


def load_native(folder: Path, fields: Fields, device: torch.device, options: LoadOptions) -> MaskedModel:
    """Load a registered family through transformers' own module.

    Raises:
        ModelError: as for `load`.
    """
    family = _family(fields, options)
    module = load_module(folder, family, fields, _for_transformers(device, options))
    if options.device_map is None and options.quantization is None:
        module = module.to(device)
    size = int(module.config.vocab_size)
    tokenizer = read_tokenizer(folder, size)
    generation = read_json(folder / "generation_config.json")
    ids = special_ids(Sources(family, tokenizer, fields, generation), options.mask_id, options.null_id)
    topology = family.topology(fields) if options.block_length is None else Blocks(options.block_length)
    network = Decoder(module) if family.kind == "decoder" else Encoder(module)
    return MaskedModel(
        Engine(network, module.device, _reuse(family, topology, options)),
        tokenizer,
        ids,
        Traits(family.name, topology, family.is_shifted, int(module.config.max_position_embeddings)),
        framing(tokenizer),
        NullReader(tokenizer.token_bytes, ids),
    )


def _family(fields: Fields, options: LoadOptions) -> Family:
    match options.family:
        case Family() as family:
            return family
        case str(name) if name in options.registry:
            return options.registry[name]
        case None:
            return family_of(fields, options.registry)
        case name:
            raise ModelError((), f"there is no family {name!r}", f"use one of {', '.join(options.registry)}")


def _for_transformers(device: torch.device, options: LoadOptions) -> Mapping[str, Any]:
    given = {"device_map": options.device_map, "quantization_config": options.quantization}
    chosen = {name: value for name, value in given.items() if value is not None}
    return chosen | {"dtype": options.dtype or precision_for(device), "attn_implementation": options.attention}


def _reuse(family: Family, topology: Topology, options: LoadOptions) -> Reuse:
    """What was asked for, else what is exact and saves something.

    Raises:
        ModelError: the family cannot.
    """
    if family.kind == "masked encoder":
        if options.reuse not in {None, "none"}:
            raise ModelError((), f"{family.name} keeps nothing from call to call", "use reuse='none'")
        return "none"
    if options.reuse is not None:
        return options.reuse
    return "none" if isinstance(topology, Everything) else "exact"
