"""Slots that quote the prompt: every span of it is weighed at once, and no automaton is needed."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from scaffold.denoise.draws import GREEDY, Draw
from scaffold.denoise.emissions import TokenClasses, emit, minus, token_classes, token_log_probs
from scaffold.denoise.transfer import carried


@dataclass(frozen=True, eq=False, slots=True)
class Source:
    """The prompt's tokens, and where a quotation may begin and end."""

    ids: Int[Tensor, " source"]
    first_ids: Int[Tensor, " source"]
    """Another spelling of the token when it comes first (without the space before the word); else the same id."""
    starts: Bool[Tensor, " source"]
    stops: Bool[Tensor, " source"]
    """A span may end with this token, inclusive."""


@dataclass(frozen=True, eq=False, slots=True)
class Spans:
    """The distinct candidate texts of a source, for slots of one length; made once per prompt.

    `legal[j, k]`: the span of k + 1 tokens from j is a candidate. Of several spans with the same tokens only the
    first is, or a name that the prompt repeats would have to share its probability with itself.
    """

    classes: TokenClasses
    null_class: int
    words: Int[Tensor, "source length"]
    """Class of token j + k; of any token beyond the end."""
    first_words: Int[Tensor, " source"]
    legal: Bool[Tensor, "source length"]


def spans_of(source: Source, length: int, null_id: int, allowed: Bool[Tensor, "source length"] | None = None) -> Spans:
    """The candidates of at most `length` tokens; `allowed[j, k]` may narrow them to some spans."""
    count, device = len(source.ids), source.ids.device
    at = torch.arange(count, device=device)[:, None] + torch.arange(length, device=device)
    inside = at.clamp(max=count - 1)
    tokens = source.ids[inside]
    is_text = ((at < count) & (tokens != null_id)).long().cumprod(-1).bool()
    legal = is_text & source.starts[:, None] & source.stops[inside]
    legal = legal if allowed is None else legal & allowed
    used = np.unique(torch.cat([source.ids, source.first_ids, source.ids.new_tensor([null_id])]).cpu().numpy())
    table = np.full(used.max() + 1, -1)
    table[used] = np.arange(len(used))
    classes = token_classes(table, len(used), device)
    first_words = classes.table[source.first_ids]
    words = classes.table[tokens]
    return Spans(classes, int(table[null_id]), words, first_words, legal & _is_first(words, first_words, legal))


@lru_cache(maxsize=256)
def spans_on(spans: Spans, device: torch.device) -> Spans:
    """The same candidates on the device of a model; carried there once."""
    if device == spans.words.device:
        return spans
    classes = replace(
        spans.classes,
        tokens=carried(spans.classes.tokens, device),
        token_class=carried(spans.classes.token_class, device),
        table=carried(spans.classes.table, device),
    )
    words, first_words, legal = (carried(x, device) for x in (spans.words, spans.first_words, spans.legal))
    return Spans(classes, spans.null_class, words, first_words, legal)


def _is_first(
    words: Int[Tensor, "source length"], first_words: Int[Tensor, " source"], legal: Bool[Tensor, "source length"]
) -> Bool[Tensor, "source length"]:
    """No legal span further left has the same tokens, either spelling of the first counted as the same."""
    texts, is_legal = words.cpu().numpy().copy(), legal.cpu().numpy()
    texts[:, 0] = np.minimum(texts[:, 0], first_words.cpu().numpy())
    order = np.lexsort(texts.T[::-1])  # spans with the same first tokens are neighbours, whatever their length
    ordered = texts[order]
    is_new = np.ones_like(is_legal)
    is_new[1:] = np.logical_or.accumulate(ordered[1:] != ordered[:-1], 1)
    found = np.zeros_like(is_legal)
    for k, begins in enumerate(is_new.T):
        places = np.where(is_legal[order, k], order, len(order))
        earliest = np.minimum.reduceat(places, np.flatnonzero(begins))
        found[order, k] = earliest[np.cumsum(begins) - 1] == order
    return torch.from_numpy(found).to(words.device)


@dataclass(frozen=True, eq=False, slots=True)
class SpanPosterior:
    """What the model believes about quoted slots: which span, or null."""

    path: Int[Tensor, "slots length"]
    """Spells the best span, or a drawn one."""
    path_score: Float[Tensor, " slots"]
    """Log probability of `path` under the model, open positions only."""
    log_z: Float[Tensor, " slots"]
    """Log probability of all candidates together, -inf where there are none; then the rest means nothing."""
    spans: Float[Tensor, "slots source length"]
    """Log probability of each candidate span, among the candidates and null."""
    start: Int[Tensor, " slots"]
    """First source token of the span that `path` spells; 0 where it is null."""
    length: Int[Tensor, " slots"]
    """Tokens in it; 0 for null."""
    log_probability: Float[Tensor, " slots"]
    """Log probability of it (or of null), among the candidates and null."""


def quoted(
    spans: Spans,
    log_probs: Float[Tensor, "slots length vocab"],
    committed: Int[Tensor, "slots length"],
    allow_null: Bool[Tensor, " slots"],
    null_tail: float = 1.0,
    draw: Draw = GREEDY,
) -> SpanPosterior:
    """Weigh every candidate span, and null where `allow_null`, under the model's prediction.

    `committed` holds token ids, -1 where open. `null_tail` weighs the evidence of the nulls after the first one that
    follows a span: 1 takes the whole tail (then `log_z` compares with that of other slot languages), 0 takes the first
    null for a stop token. The temperature of `draw` decides which one is spelled: probabilities are the model's own.
    """
    emissions = emit(spans.classes, log_probs, committed)
    token = emissions.mass.gather(-1, spans.words.T.expand(len(committed), -1, -1)).transpose(1, 2)
    other = emissions.mass[:, 0, spans.first_words]
    is_same = spans.first_words == spans.words[:, 0]
    first = token[..., 0].where(is_same, token[..., 0].logaddexp(other))
    body = torch.cat([first[..., None], token[..., 1:]], -1).cumsum(-1)
    tail = _tail(emissions.mass[..., spans.null_class], null_tail)
    score = (body + tail[:, None, 1:]).masked_fill(~spans.legal, -torch.inf)
    empty = tail[:, :1].masked_fill(~allow_null[:, None], -torch.inf)
    candidates = torch.cat([empty, score.flatten(1)], -1)
    log_z = candidates.logsumexp(-1)
    usual = minus(token[..., 0], first).exp()  # share of the usual spelling of the first token
    best = draw.pick(candidates / (draw.temperature or 1.0))
    start, length = _where(best, log_probs.shape[1])
    path = _spell(spans, start, length, usual >= 0.5).where(committed < 0, committed)
    path_score = token_log_probs(emissions, path).sum(-1)
    chance = minus(candidates.gather(-1, best[:, None]).squeeze(-1), log_z)
    return SpanPosterior(path, path_score, log_z, minus(score, log_z[:, None, None]), start, length, chance)


def _where(candidate: Int[Tensor, "*slots"], length: int) -> tuple[Int[Tensor, "*slots"], Int[Tensor, "*slots"]]:
    """Start and length of a candidate; 0 is null, then spans by start and length."""
    span = (candidate - 1).clamp(min=0)
    return span // length, (span % length + 1).masked_fill(candidate == 0, 0)


def _tail(null: Float[Tensor, "slots length"], null_tail: float) -> Float[Tensor, "slots lengths"]:
    """Log weight of the nulls after each number of content tokens, 0 to `length`."""
    end = null.new_zeros(len(null), 1)
    after = torch.cat([null.flip(-1).cumsum(-1).flip(-1), end], -1)  # from each position to the end
    later = torch.cat([after[:, 1:], end], -1)
    weighed = (null_tail * later).where(later > -torch.inf, later)  # 0 * -inf would be NaN
    return torch.cat([null, end], -1) + weighed


def _spell(
    spans: Spans,
    start: Int[Tensor, " slots"],
    length: Int[Tensor, " slots"],
    is_usual: Bool[Tensor, "slots source"],
) -> Int[Tensor, "slots length"]:
    """Token ids of one span per slot, nulls behind it."""
    words = spans.words[start]
    usual = is_usual.gather(-1, start[:, None]).squeeze(-1)
    words[:, 0] = words[:, 0].where(usual, spans.first_words[start])
    behind = torch.arange(words.shape[1], device=words.device) >= length[:, None]
    words = words.masked_fill(behind, spans.null_class)
    return _ids(spans.classes)[words]


def _ids(classes: TokenClasses) -> Int[Tensor, " classes"]:
    """The one token of each class."""
    ids = classes.table.new_zeros(classes.count + 1)
    return ids.scatter_(0, classes.table, torch.arange(len(classes.table), device=ids.device))[: classes.count]
