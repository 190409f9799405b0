"""The network of the embedded default: a bidirectional encoder that points, writes or says null.

A position's distribution mixes three experts by a learned gate: *copy* (a pointer over prompt and hint
positions; position k of a slot also receives the score of the slot's start, moved k tokens right, so that
a span is followed once its start is found), *write* (the vocabulary, tied to the input embeddings) and *null*.
Each prompt position further has a chance of being the last of the slot's span; what copying would have read behind
such an end is null instead.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertConfig, BertModel, PreTrainedModel

from scaffold.denoise.canvas import Canvas, SoftTokens
from scaffold.denoise.shapes import Logits, Positions
from scaffold.models.eight_bit import EightBitMatrix, to_eight_bit

FAR = -1e4
EPSILON = 1e-6
LEAST = 1e-30
"""Chance of what is copied, at least."""
RARELY = -4.0
"""Logit, before training, of a position being the last of a span."""


class SlotFillerConfig(BertConfig):
    """A BERT encoder with a pointer; `max_offset` slot positions have an embedding of their own.

    `null_bias` is added to the log-probability of null at the start of a slot when the model is used, not when it is
    trained: it is chosen on held-out rows, since losses weigh absent fields otherwise than people do.
    """

    model_type = "scaffold_slot_filler"

    def __init__(self, copy_size: int = 128, max_offset: int = 64, null_bias: float = 0.0, **options: object) -> None:
        super().__init__(**options)
        self.copy_size = copy_size
        self.max_offset = max_offset
        self.null_bias = null_bias


class SlotFiller(PreTrainedModel):
    """Encoder, pointer, writer and gate; weights follow transformers' names for the encoder."""

    config_class = SlotFillerConfig
    base_model_prefix = "body"
    _supports_sdpa = True

    def __init__(self, config: SlotFillerConfig) -> None:
        super().__init__(config)
        width = config.hidden_size
        config._attn_implementation = "sdpa"  # transformers would take the slow one for a class it does not know
        self.body = BertModel(config, add_pooling_layer=False)
        self.offsets = nn.Embedding(config.max_offset + 1, width)
        self.transform = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))
        self.write_bias = nn.Parameter(torch.zeros(config.vocab_size))
        self.queries = nn.Linear(width, 2 * config.copy_size)
        self.keys = nn.Linear(width, 2 * config.copy_size)
        self.end_queries = nn.Linear(width, config.copy_size)
        self.end_keys = nn.Linear(width, config.copy_size)
        self.end_bias = nn.Parameter(torch.full((), RARELY))
        self.gate = nn.Linear(width, 3)
        self.eight_bit_words: EightBitMatrix | None = None
        self.register_buffer("bare_ids", torch.arange(config.vocab_size))
        self.post_init()

    def to_eight_bit(self) -> None:
        """Multiply by weights rounded to 8 bits from now on; see `EightBitLinear`."""
        to_eight_bit(self)
        words = self.body.embeddings.word_embeddings.weight
        self.eight_bit_words = EightBitMatrix.of(words.detach(), self.write_bias)

    def forward(self, canvas: Canvas, rows: Positions, columns: Positions, soft: SoftTokens | None = None) -> Logits:
        """Log-probabilities at the wanted positions; null is the last id of the vocabulary."""
        hidden = self.encode(canvas, soft)
        gate = self.gate(hidden[rows, columns]).float().log_softmax(-1)
        pointed, ended = self.follow(hidden, canvas, rows, columns)
        found = self.scores(hidden[rows, columns]).log_softmax(-1).add_(gate[:, :1])
        _add_chances(found, self.copied(canvas, rows, columns), pointed.add_(gate[:, 1:2]).exp_())
        found[:, -1] = torch.logaddexp(gate[:, 2], gate[:, 1] + ended)
        return found

    def target_log_probs(
        self,
        hidden: Float[Tensor, "batch length width"],
        canvas: Canvas,
        rows: Positions,
        columns: Positions,
        targets: Int[Tensor, " wanted"],
        origins: Int[Tensor, "pairs 2"] | None = None,
    ) -> Float[Tensor, " wanted"]:
        """Log-probability of each target; the writer runs only where the target is content.

        `origins` pairs wanted positions with the columns from which copying is right: without them, and for positions
        without any, all columns are that hold the target. With them what is learned is a lower bound, which tells
        the start of the right span from other places of its first token.
        """
        content = (targets != self.config.vocab_size - 1).nonzero()[:, 0]
        gate = self.gate(hidden[rows, columns]).float().log_softmax(-1)
        pointed, ended = self.follow(hidden, canvas, rows, columns)
        null = torch.logaddexp(gate[:, 2], gate[:, 1] + ended)
        wanted, places = targets[content], (rows[content], columns[content])
        is_same = self.copied(canvas, *places) == wanted[:, None]
        if origins is not None:
            is_origin = torch.zeros_like(pointed, dtype=torch.bool).index_put(
                tuple(origins.T), origins.new_ones(()).bool()
            )
            is_whole = is_same & is_origin[content]
            is_same = is_whole.where(is_whole.any(-1, keepdim=True), is_same)
        copy = pointed[content].masked_fill(~is_same, FAR).logsumexp(-1)
        write = self.scores(hidden[places]).log_softmax(-1).gather(1, wanted[:, None])[:, 0]
        return null.index_copy(0, content, torch.logaddexp(gate[content, 0] + write, gate[content, 1] + copy))

    def scores(self, hidden: Float[Tensor, "wanted width"]) -> Logits:
        """Logits of the vocabulary; null has a gate of its own and is never written."""
        states = self.transform(hidden)
        if self.eight_bit_words is not None:
            found = self.eight_bit_words.product(states)
        else:
            found = functional.linear(states, self.body.embeddings.word_embeddings.weight, self.write_bias).float()
        found[:, -1] = -torch.inf
        return found

    def copied(self, canvas: Canvas, rows: Positions, columns: Positions) -> Int[Tensor, "wanted length"]:
        """What copying each position would write: at the start of a slot, the token without the space before it."""
        tokens = canvas.tokens[rows]
        return torch.where(canvas.offset[rows, columns].clamp_min(0)[:, None] == 0, self.bare_ids[tokens], tokens)

    def encode(self, canvas: Canvas, soft: SoftTokens | None = None) -> Float[Tensor, "batch length width"]:
        """Hidden states of every position; those of `soft` show mixtures of tokens."""
        words = self.body.embeddings.word_embeddings(canvas.tokens)
        if soft is not None:
            mixed = self.body.embeddings.word_embeddings(soft.tokens) * soft.weights[..., None]
            words = words.index_put((soft.rows, soft.columns), mixed.sum(-2).to(words.dtype))
        places = (canvas.offset + 1).clamp(0, self.config.max_offset)
        states = self.body(inputs_embeds=words + self.offsets(places), attention_mask=canvas.attend.long())
        return states.last_hidden_state

    def follow(
        self, hidden: Float[Tensor, "batch length width"], canvas: Canvas, rows: Positions, columns: Positions
    ) -> tuple[Float[Tensor, "wanted length"], Float[Tensor, " wanted"]]:
        """Log-probability of copying each position, and of the span having ended before the one pointed at."""
        pointed = self.point(hidden, canvas, rows, columns).log_softmax(-1)
        offset = canvas.offset[rows, columns].clamp_min(0)
        ask, keys = self.end_queries(hidden[rows, columns - offset]), self.end_keys(hidden)
        goes_on = functional.logsigmoid(-(_dots(ask, keys, rows) / self.config.copy_size**0.5 + self.end_bias).float())
        before = goes_on.cumsum(-1) - goes_on
        start = torch.arange(before.shape[1], device=before.device)[None] - offset[:, None]
        alive = before - before.gather(1, start.clamp_min(0))
        ended = (pointed + torch.log1p(-alive.exp().clamp_max(1 - EPSILON))).logsumexp(-1)
        return pointed + alive, ended.masked_fill(offset == 0, FAR)

    def point(
        self, hidden: Float[Tensor, "batch length width"], canvas: Canvas, rows: Positions, columns: Positions
    ) -> Float[Tensor, "wanted length"]:
        """Pointer scores of each wanted position over the canvas; far below zero outside `canvas.source`."""
        offset = canvas.offset[rows, columns].clamp_min(0)
        first = columns - offset
        here, start = self.queries(hidden[rows, columns]), self.queries(hidden[rows, first])
        size = self.config.copy_size
        keys = self.keys(hidden)
        content = _dots(here[:, :size], keys[..., :size], rows)
        begin = _dots(start[:, size:], keys[..., size:], rows)
        length = canvas.tokens.shape[1]
        moved = torch.arange(length, device=offset.device)[None] - offset[:, None]
        shifted = begin.gather(1, moved.clamp_min(0)).masked_fill(moved < 0, FAR)
        return ((content + shifted) / size**0.5).float().masked_fill(~canvas.source[rows], FAR)


def _dots(
    queries: Float[Tensor, "wanted size"], keys: Float[Tensor, "batch length size"], rows: Positions
) -> Float[Tensor, "wanted length"]:
    """Each query against the keys of its own row, without repeating keys per query."""
    batch = keys.shape[0]
    counts = torch.bincount(rows, minlength=batch)
    place = torch.arange(len(rows), device=rows.device) - (counts.cumsum(0) - counts)[rows]
    padded = queries.new_zeros(batch, int(counts.max()), queries.shape[1])
    padded[rows, place] = queries
    return (padded @ keys.transpose(1, 2))[rows, place]


def _add_chances(log_probs: Logits, ids: Int[Tensor, "wanted length"], chances: Float[Tensor, "wanted length"]) -> None:
    """Add to the chance of each of `ids`, in place; an id that stands there twice gets both, all others stay as is.

    Nothing else leaves its logarithm: that of a whole vocabulary takes longer than all else that is done here.
    """
    log_probs.scatter_(1, ids, log_probs.gather(1, ids).exp_())
    log_probs.scatter_add_(1, ids, chances)
    log_probs.scatter_(1, ids, log_probs.gather(1, ids).clamp_min_(LEAST).log_())
