"""Adapt a pretrained model of the hub to slot filling with a null of its own, in full or by low-rank adapters."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from scaffold.errors import ModelError
from scaffold.models.adapted import OURS
from scaffold.models.adapters import load_adapted
from scaffold.models.added_tokens import copy_tokenizer, rows_for, start_from, write_config
from scaffold.models.chat import framing
from scaffold.models.checkpoint import config_of, locate, read_json
from scaffold.models.embedded import MASK, NULL
from scaffold.models.family import Family, Fields
from scaffold.models.hub_tokenizer import HubTokenizer, read_tokenizer
from scaffold.models.load import DEFAULT, EMBEDDED
from scaffold.models.registry import family_of
from scaffold.models.special_ids import NULL_FIELD, Sources, SpecialIds, special_ids
from scaffold.train.examples import ExampleMaker
from scaffold.train.loop import Report, Trainer, TrainOptions
from scaffold.train.lora import Adapters
from scaffold.train.masked_learner import MaskedLearner
from scaffold.train.run import Material, run

WINDOW = 640


@dataclass(frozen=True, slots=True)
class Adaptation:
    """Which model is adapted, and how.

    Raises:
        ModelError: a value is out of range.
    """

    model: str
    """A folder, or a hub id."""
    anneal: float = 0.0
    """Share of the schedule over which a causal model comes to see what is behind each position; 0: at once."""
    lora: int = 0
    """Rank of low-rank adapters, which are then all that is trained and saved beside new tokens; 0: all weights."""

    def __post_init__(self) -> None:
        """See `Adaptation`."""
        if not 0 <= self.anneal <= 1 or self.lora < 0:
            raise ModelError((), f"anneal={self.anneal}, lora={self.lora}", "anneal from 0 to 1, lora a rank or 0")


@dataclass(frozen=True, eq=False, slots=True)
class Start:
    """A model ready to be trained: its module with rows for new tokens, and the words around it."""

    module: Any
    family: Family
    fields: Fields
    tokenizer: HubTokenizer
    ids: SpecialIds
    new: tuple[int, ...]
    """Tokens that have a meaning to learn."""

    def maker(self) -> ExampleMaker:
        """Examples in the framing in which the model will be asked."""
        frame = framing(self.tokenizer, self.ids)
        window = min(WINDOW, int(self.module.config.max_position_embeddings) - self.family.lost_places)
        return ExampleMaker(
            self.tokenizer, self.ids.mask, self.ids.nulls[0], window, lambda text: frame.ids(text, "", self.tokenizer)
        )

    def learner(self, anneal: float) -> MaskedLearner:
        """What the training loop trains."""
        parts, topology = self.family.wrap(self.module), self.family.topology(self.fields)
        return MaskedLearner(parts, topology, self.ids.mask, is_shifted=self.family.is_shifted, anneal=anneal)


def adapt(  # noqa: PLR0913  (what a user chooses on the command line)
    out: Path,
    adaptation: Adaptation,
    material: Material,
    options: TrainOptions,
    report: Report,
    *,
    batch_tokens: int = 4096,
    seed: int = 0,
) -> None:
    """Train into the folder `out`, going on from its checkpoint if there is one, and save what `load` reads.

    Raises:
        ModelError: the model cannot be adapted, or data cannot be read.
    """
    torch.manual_seed(seed)
    start = prepare(out, adaptation)
    adapters = Adapters(start.module, adaptation.lora, start.new) if adaptation.lora else None
    trainer = Trainer(start.learner(adaptation.anneal), options, out)
    run(trainer, material, start.maker(), report, batch_tokens=batch_tokens, seed=seed)
    if trainer.workers.index == 0:
        if adapters is None:
            start.module.save_pretrained(out)
        else:
            adapters.save(out, str(locate(adaptation.model).resolve()))
        write_config(out, start.fields)
    trainer.workers.meet()


def prepare(out: Path, adaptation: Adaptation) -> Start:
    """Load the model, and give it mask and null where it has none of its own; writes its tokenizer to `out`.

    Raises:
        ModelError: the model is of a kind that cannot be adapted.
    """
    folder = locate(adaptation.model)
    fields = config_of(folder)
    family = family_of(fields)
    _refuse(family, adaptation)
    precision = torch.bfloat16 if adaptation.lora and torch.cuda.is_available() else torch.float32
    module = load_adapted(folder, family, fields, {"dtype": precision, "attn_implementation": "sdpa"})
    wanted = {"mask_token": MASK, "": NULL} if family.role == "causal" else {"": NULL}
    added = copy_tokenizer(folder, out, wanted)
    if family.role == "causal":
        family = next(one for one in OURS if one.network == family.network)
        fields = {**fields, "model_type": family.model_types[0], "mask_token_id": added[MASK]}
    fields = rows_for(module, added.values(), fields)
    tokenizer = read_tokenizer(out, int(module.config.vocab_size))
    sources = Sources(family, tokenizer, fields, read_json(out / "generation_config.json"))
    ends = special_ids(sources)
    if ends.nulls != (added[NULL],):  # else it has learned a null of ours before
        start_from(module, added[NULL], ends.nulls if ends.null_source != "prompted word" else ())
    if MASK in added:
        start_from(module, added[MASK], ())
    fields = {**fields, NULL_FIELD: added[NULL]}
    new = tuple(added.values())
    return Start(module, family, fields, tokenizer, special_ids(replace(sources, config=fields)), new)


def is_of_the_hub(model: str) -> bool:
    """Whether a model is adapted, and not fine-tuned like the embedded default and its relatives."""
    return model != DEFAULT and config_of(locate(model)).get("model_type") != EMBEDDED


def _refuse(family: Family, adaptation: Adaptation) -> None:
    if family.role == "uniform" or family.build is not None:
        raise ModelError((), f"{family.name} cannot be adapted", "choose a causal or a masked model of transformers")
    if adaptation.anneal and family.role != "causal":
        raise ModelError((), f"{family.name} sees what is behind a position already", "leave anneal at 0")
