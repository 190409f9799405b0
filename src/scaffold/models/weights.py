"""Loading weights into transformers' modules, and proof that what was loaded is what is stored."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor

from scaffold.errors import ModelError
from scaffold.models.checkpoint import shards, stored_tensors
from scaffold.models.family import NAME, Family, Fields, refuse_unknown_values

_NOT_SHAPE = (
    "architectures", "auto_map", "model_type", "transformers_version", "torch_dtype", "dtype", "is_causal",
    "attn_implementation", "_attn_implementation", NAME,
)  # fmt: skip
_EXPERT = re.compile(r"^(.*\.experts)\.(\d+)\.(gate_proj|up_proj|down_proj)\.weight$")
_SHOWN = 3


def load_module(folder: Path, family: Family, fields: Fields, options: Mapping[str, Any]) -> Any:
    """Build the family's module and fill it from the shards; `options` go to transformers as they are.

    Raises:
        ModelError: there is no such module, or the weights do not fit.
    """
    from huggingface_hub.errors import StrictDataclassError  # noqa: PLC0415  (takes seconds to import)

    shards(folder)
    refuse_unknown_values(family, fields)
    make = _of_transformers if family.build is None else _of_our_own
    try:
        module = make(folder, family, fields, options)
    except (RuntimeError, ValueError, TypeError, KeyError, StrictDataclassError) as error:
        raise ModelError((), f"{folder.name} does not load as {family.name}: {error}") from error
    check_weights(module, folder, family, is_quantized="quantization_config" in options)
    return module.eval()


def _of_transformers(folder: Path, family: Family, fields: Fields, options: Mapping[str, Any]) -> Any:
    import transformers  # noqa: PLC0415  (takes seconds to import)

    kind = getattr(transformers, family.network, None)
    if kind is None:
        hint = "install a newer one: pip install -U transformers"
        raise ModelError((), f"transformers {transformers.__version__} has no {family.network}", hint)
    named = {name: value for name, value in family.config(fields).items() if name not in _NOT_SHAPE}
    config = kind.config_class(**named | {"use_cache": False})
    return kind.from_pretrained(
        folder, config=config, key_mapping=dict(family.key_map) or None, use_safetensors=True, **options
    )


def _of_our_own(folder: Path, family: Family, fields: Fields, options: Mapping[str, Any]) -> Any:
    refused = {"device_map", "quantization_config"} & set(options)
    if refused:
        raise ModelError((), f"{family.name} is not loaded by transformers: no {', '.join(sorted(refused))}")
    assert family.build is not None, "asked for a module of our own"
    with torch.device("meta"):
        module = family.build(fields).to(options["dtype"])
    for path in shards(folder):
        part = {renamed(name, family.key_map): _cast(name, x, options["dtype"]) for name, x in load_file(path).items()}
        module.load_state_dict(part, strict=False, assign=True)
    return module


def _cast(name: str, tensor: Tensor, dtype: torch.dtype) -> Tensor:
    """In the precision asked for; a router's bias stays exact, for it decides between neighbours."""
    return tensor.float() if name.endswith("expert_bias") else tensor.to(dtype)


def check_weights(module: Any, folder: Path, family: Family, *, is_quantized: bool = False) -> None:
    """Compare the module with the shards: every tensor of either side, and some rows of each.

    Raises:
        ModelError: a tensor is missing, left over, of another shape, or holds something else.
    """
    own: dict[str, Tensor] = dict(module.state_dict(keep_vars=True))
    seen: set[int] = set()
    left: list[str] = []
    for stored, part in stored_tensors(folder):
        if any(re.search(pattern, stored) for pattern in family.unused):
            continue
        target = _target(own, renamed(stored, family.key_map))
        if target is None:
            left.append(stored)
            continue
        whole, loaded = target
        seen.add(whole.data_ptr())
        if not is_quantized and not loaded.is_meta and not _is_equal(loaded, part):
            raise ModelError(
                (), f"{stored} was not loaded as it is stored", "report this with your transformers version"
            )
    is_offloaded = bool(getattr(module, "hf_device_map", None))
    missing = [n for n, x in own.items() if x.data_ptr() not in seen and not (is_offloaded and x.is_meta)]
    if left or missing:
        raise ModelError((), f"weights do not fit {family.name}: " + "; ".join(_listed(left, missing)))


def renamed(name: str, key_map: Mapping[str, str]) -> str:
    """A published tensor name as the module calls it."""
    for pattern, new in key_map.items():
        changed, count = re.subn(pattern, new, name)
        if count:
            return changed
    return name


def _target(own: Mapping[str, Tensor], name: str) -> tuple[Tensor, Tensor] | None:
    """The parameter of a name, and the part of it that a stored tensor fills."""
    if name in own:
        return own[name], own[name]
    match = _EXPERT.match(name)
    if match is None:
        return None
    experts, number, kind = match[1], int(match[2]), match[3]
    fused = own.get(f"{experts}.down_proj" if kind == "down_proj" else f"{experts}.gate_up_proj")
    if fused is None:
        return None
    if kind == "down_proj":
        return fused, fused[number]
    half = fused.shape[1] // 2
    return fused, fused[number, :half] if kind == "gate_proj" else fused[number, half:]


def _is_equal(loaded: Tensor, part: Any) -> bool:
    """Whether first, middle and last row are what is stored, in the loaded precision."""
    if list(loaded.shape) != list(part.get_shape()):
        return False
    if loaded.ndim == 0:
        return bool(torch.equal(loaded.detach().cpu(), part[...].to(loaded.dtype)))
    rows = sorted({0, loaded.shape[0] // 2, loaded.shape[0] - 1})
    # Vectors are short and are where a wrong initialisation (ones, zeros) looks right in places.
    kept = [slice(None)] if loaded.ndim == 1 else [slice(row, row + 1) for row in rows]
    return all(torch.equal(loaded[at].detach().cpu(), part[at].to(loaded.dtype)) for at in kept)


def _listed(left: list[str], missing: list[str]) -> Iterator[str]:
    for what, names in (("not used", left), ("not in the files", missing)):
        if names:
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            yield f"{what}: {', '.join(names[:_SHOWN])}{more}"
