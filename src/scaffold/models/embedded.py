"""The embedded default behind the `MaskPredictor` seam."""

import sys
from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

import torch
from safetensors.torch import load_file

from scaffold.decode.confidence import Calibration
from scaffold.denoise.canvas import Canvas, SoftTokens
from scaffold.denoise.commits import Threshold
from scaffold.denoise.options import PRESETS, DenoiseOptions
from scaffold.denoise.scores import TokenFrequencies
from scaffold.denoise.shapes import Logits, Positions
from scaffold.denoise.transfer import sent
from scaffold.errors import ModelError
from scaffold.models.eight_bit import is_fast
from scaffold.models.slot_filler import SlotFiller, SlotFillerConfig
from scaffold.models.storage import pack, unpack
from scaffold.tokenizer import BytePairTokenizer

MASK, NULL = "<|mask|>", "<|null|>"
SEPARATOR = "\n"
WEIGHTS = "model.safetensors"
FREQUENCIES = "frequencies.json"
CONFIDENCE = "confidence.json"
UNCALIBRATED = Calibration()
PORTION = 1024
"""Canvas tokens at once on a CPU: about what its caches hold; see `PortionedPredictor`."""
OWN_PRESETS: Mapping[str, DenoiseOptions] = MappingProxyType(
    {**PRESETS, "balanced": DenoiseOptions(commit=Threshold(0.5), certainty=0.5)}
)
"""On dev rows of all sets no surer commits brought more right fields, and each takes another call or two."""
PRECISIONS = (torch.int8, torch.float32, torch.bfloat16)


def embedded_folder(name: str) -> Path:
    """The folder of the model that comes with the package for `default`, else the folder `name`."""
    return Path(__file__).parent / "default" if name == "default" else Path(name)


class EmbeddedModel:
    """A `SlotFiller` with its tokenizer: reads `prompt`, a line break, then the template."""

    def __init__(
        self,
        network: SlotFiller,
        tokenizer: BytePairTokenizer,
        device: torch.device,
        calibration: Calibration = UNCALIBRATED,
    ) -> None:
        self.network = network.to(device).eval()
        self.tokenizer = tokenizer
        self.device = device
        self.calibration = calibration
        self.presets = OWN_PRESETS
        self.mask_id = tokenizer.special_id(MASK)
        self.null_id = tokenizer.special_id(NULL)
        self.max_length = int(network.config.max_position_embeddings)
        self.portion = PORTION if device.type == "cpu" else sys.maxsize

    @cached_property
    def fingerprint(self) -> str:
        """A short key that differs whenever the weights do."""
        digest = sha256()
        for name, weights in sorted(self.network.state_dict().items()):
            digest.update(name.encode() + weights.detach().float().cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()[:12]

    def prompt(self, text: str) -> tuple[tuple[int, ...], int, int]:
        """See `MaskPredictor`."""
        ids = self.tokenizer.encode(text)
        return (*ids, *self.tokenizer.encode(SEPARATOR)), 0, len(ids)

    @torch.inference_mode()
    def __call__(self, canvas: Canvas, rows: Positions, columns: Positions) -> Logits:
        """See `MaskPredictor`; the values are log-probabilities, null shifted at slot starts."""
        canvas, (rows, columns) = canvas.to(self.device), sent((rows, columns), self.device)
        return self._biased(self.network(canvas, rows, columns), canvas.offset[rows, columns])

    @torch.inference_mode()
    def soften(self, canvas: Canvas, soft: SoftTokens, rows: Positions, columns: Positions) -> Logits:
        """See `BlendPredictor`."""
        canvas, (rows, columns) = canvas.to(self.device), sent((rows, columns), self.device)
        soft = soft.to(self.device)
        return self._biased(self.network(canvas, rows, columns, soft), canvas.offset[rows, columns])

    def _biased(self, logits: Logits, offsets: Positions) -> Logits:
        """Weigh null at the start of a slot as was found best on held-out rows; see `SlotFillerConfig`."""
        logits[:, self.null_id] += self.network.config.null_bias * (offsets == 0)
        return logits


def load_embedded(folder: Path, device: torch.device, dtype: torch.dtype = torch.float32) -> EmbeddedModel:
    """Read a folder written by `save_embedded`; `dtype` is what its matrix products are computed in, 8 bits too.

    Raises:
        ModelError: a file is missing, the weights do not fit the configuration, or there is no such precision.
    """
    if dtype not in PRECISIONS:
        offered = " or ".join(f"dtype={one}" for one in PRECISIONS)
        raise ModelError((), f"the embedded default does not compute in {dtype}", f"use {offered}")
    if dtype == torch.int8 and device.type != "cpu":
        raise ModelError((), f"8-bit products are not offered on {device.type}", "use another dtype, or device='cpu'")
    missing = [name for name in ("config.json", "tokenizer.json", WEIGHTS) if not (folder / name).exists()]
    if missing:
        raise ModelError((), f"{folder.name} lacks {', '.join(missing)}", "train one with `scaffold train`")
    network = SlotFiller(SlotFillerConfig.from_pretrained(folder))
    try:
        network.load_state_dict(unpack(load_file(folder / WEIGHTS)))
    except RuntimeError as error:
        raise ModelError((), f"the weights of {folder.name} do not fit its config.json: {error}") from error
    tokenizer = BytePairTokenizer(str(folder / "tokenizer.json"))
    if dtype == torch.int8:
        network.to_eight_bit()
    else:
        network.to(dtype)
    return EmbeddedModel(network, tokenizer, device, Calibration.read(folder / CONFIDENCE))


def embedded_precision(device: torch.device) -> torch.dtype:
    """Eight bits where the device is made for them, else 32: bfloat16 lets what is beside a row change its result."""
    return torch.int8 if is_fast(device) else torch.float32


def token_frequencies(model: EmbeddedModel, name: str = "default") -> TokenFrequencies:
    """How often each token stood in the texts that the embedded default (or the model of a folder) was trained on.

    Raises:
        ModelError: there are none, or the model has another tokenizer.
    """
    return TokenFrequencies.read(embedded_folder(name) / FREQUENCIES, model.tokenizer)


def save_embedded(network: SlotFiller, tokenizer_file: Path, folder: Path) -> None:
    """Write configuration, packed weights and tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    network.save_pretrained(folder, state_dict=pack(network.state_dict()))
    target = folder / "tokenizer.json"
    if tokenizer_file.resolve() != target.resolve():
        target.write_bytes(tokenizer_file.read_bytes())
