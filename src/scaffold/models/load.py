"""From a model's name to a predictor."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import torch

from scaffold.denoise.predictor import MaskPredictor
from scaffold.errors import ModelError
from scaffold.extras import optional
from scaffold.models.adapters import load_adapted
from scaffold.models.causal_model import CausalModel
from scaffold.models.chat import framing
from scaffold.models.checkpoint import config_of, locate, read_json
from scaffold.models.compiled import Compiled
from scaffold.models.devices import device_of, precision_for
from scaffold.models.diffusion_gemma import UniformModel
from scaffold.models.embedded import embedded_precision, load_embedded
from scaffold.models.engine import Engine
from scaffold.models.expanding_model import ExpandingModel
from scaffold.models.family import NAME, Family, Fields
from scaffold.models.hub_tokenizer import read_tokenizer
from scaffold.models.masked_model import MaskedModel, Traits
from scaffold.models.nulls import null_reader
from scaffold.models.probes import probe
from scaffold.models.registry import FAMILIES, Registry, belongs_to_any, family_of
from scaffold.models.remote import REMOTE, remote_module
from scaffold.models.reuse import REUSES, Reuse
from scaffold.models.special_ids import Sources, special_ids
from scaffold.models.topology import Blocks, Everything, Topology

DEFAULT = "default"
EMBEDDED = "scaffold_slot_filler"
QUANTIZERS = ("bitsandbytes", "torchao")
"""Methods of quantization that are packages of the same name."""


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
    """By default what the device is fast in: bfloat16 on GPUs; 8 bits for the embedded default on CPUs made for it."""
    device_map: Any = None
    """See transformers; the device is then not ours to choose."""
    quantization: Any = None
    """A quantization config of transformers (8 or 4 bits), for instance `BitsAndBytesConfig(load_in_4bit=True)`."""
    attention: str = "sdpa"
    reuse: Reuse | None = None
    """See `Reuse`; by default what is exact."""
    compiled: str | None = None
    """Backend of `torch.compile` for the body, for instance "inductor"; what it saves on a GPU is not measured."""
    block_length: int | None = None
    mask_id: int | None = None
    null_id: int | None = None
    revision: str | None = None
    allow_remote_code: bool = False
    """Run the code that comes with a model of no known family; with `mask_id`, and knowing what one does."""
    is_probed: bool = True
    """Whether a few small calls check that the model sees, and does not see, what its family says."""

    def __post_init__(self) -> None:
        """See `LoadOptions`."""
        if self.reuse is not None and self.reuse not in REUSES:
            raise ModelError((), f"reuse={self.reuse!r} is not offered", f"use one of {', '.join(REUSES)}")


def load(name: str, device: str | None = None, options: LoadOptions | None = None) -> MaskPredictor:
    """Load the embedded default, a folder, or a model of the hub.

    Raises:
        ModelError: there is no such model, or it is of a kind that cannot be loaded.
    """
    options = options or LoadOptions()
    folder = locate(str(Path(__file__).parent / DEFAULT) if name == DEFAULT else name, options.revision)
    config = {**config_of(folder), NAME: name}
    if config.get("model_type") == EMBEDDED:
        return _load_embedded(folder, device_of(device), options)
    return load_native(folder, config, device_of(device), options)


def _load_embedded(folder: Path, device: torch.device, options: LoadOptions) -> MaskPredictor:
    """An embedded default, which has little to choose.

    Raises:
        ModelError: an option is not for it.
    """
    plain = replace(LoadOptions(), dtype=options.dtype, revision=options.revision)
    foreign = [one.name for one in fields(LoadOptions) if getattr(options, one.name) != getattr(plain, one.name)]
    if foreign:
        message = f"{', '.join(foreign)} cannot be chosen for the embedded default or a model trained from it"
        raise ModelError((), message, "leave them out; dtype can be chosen")
    return load_embedded(folder, device, options.dtype or embedded_precision(device))


def load_native(folder: Path, fields: Fields, device: torch.device, options: LoadOptions) -> MaskPredictor:
    """Load a registered family through transformers' own module.

    Raises:
        ModelError: as for `load`.
    """
    family = _family(fields, options)
    module = _module(folder, family, fields, device, options)
    sizes = getattr(module.config, "text_config", module.config)  # models that see pictures keep them apart
    tokenizer = read_tokenizer(folder, int(sizes.vocab_size))
    generation = read_json(folder / "generation_config.json")
    ids = special_ids(Sources(family, tokenizer, fields, generation), options.mask_id, options.null_id)
    if ids.null_source == "prompted word":
        tokenizer = tokenizer.silencing(ids.nulls[0])
    frame, nulls = framing(tokenizer, ids), null_reader(folder, tokenizer.token_bytes, ids)
    length = int(sizes.max_position_embeddings) - family.lost_places
    if family.role == "uniform":
        return UniformModel(module, tokenizer, ids, frame, nulls, length)
    topology = family.topology(fields) if options.block_length is None else Blocks(options.block_length)
    network = family.wrap(module) if options.compiled is None else Compiled(family.wrap(module), options.compiled)
    reuse = _reuse(family, topology, options)
    engine = Engine(network, next(module.parameters()).device, reuse, is_bucketed=options.compiled is not None)
    traits = Traits(family.name, topology, family.is_shifted, length)
    model = MaskedModel(engine, tokenizer, ids, traits, frame, nulls)
    if options.is_probed and family.role == "masked" and options.quantization is None:
        probe(model)
    if family.role == "causal":
        return CausalModel(model)
    return model if ids.expand is None else ExpandingModel(model)


def _module(folder: Path, family: Family, fields: Fields, device: torch.device, options: LoadOptions) -> Any:
    """Weights on the device, in the precision asked for."""
    if family is REMOTE:
        return remote_module(folder, fields, options.dtype or precision_for(device)).to(device)
    module = load_adapted(folder, family, fields, _for_transformers(device, options))
    is_placed = options.device_map is not None or options.quantization is not None
    return module if is_placed else module.to(device)


def _family(fields: Fields, options: LoadOptions) -> Family:
    match options.family:
        case Family() as family:
            return family
        case str(name) if name in options.registry:
            return options.registry[name]
        case None if options.allow_remote_code and not belongs_to_any(fields, options.registry):
            return REMOTE
        case None:
            return family_of(fields, options.registry)
        case name:
            raise ModelError((), f"there is no family {name!r}", f"use one of {', '.join(options.registry)}")


def _for_transformers(device: torch.device, options: LoadOptions) -> Mapping[str, Any]:
    if options.quantization is not None:
        _check_quantizer(options.quantization)
    given = {"device_map": options.device_map, "quantization_config": options.quantization}
    chosen = {name: value for name, value in given.items() if value is not None}
    return chosen | {"dtype": options.dtype or precision_for(device), "attn_implementation": options.attention}


def _check_quantizer(config: Any) -> None:
    """Transformers names the package that a quantization needs, but not what brings it.

    Raises:
        ModelError: it is not installed.
    """
    method = config.get("quant_method") if isinstance(config, Mapping) else getattr(config, "quant_method", None)
    package = str(getattr(method, "value", method))
    if package in QUANTIZERS:
        optional(package, "quantization")


def _reuse(family: Family, topology: Topology, options: LoadOptions) -> Reuse:
    """What was asked for, else what is exact and saves something.

    Raises:
        ModelError: the family cannot.
    """
    if not family.has_memory:
        if options.reuse not in {None, "none"}:
            raise ModelError((), f"{family.name} keeps nothing from call to call", "use reuse='none'")
        return "none"
    if options.reuse is not None:
        return options.reuse
    return "none" if isinstance(topology, Everything) else "exact"
