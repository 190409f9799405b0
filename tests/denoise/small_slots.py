"""Slots small enough to list every filling: the slow twin of every slot language."""

from itertools import product

import numpy as np
import torch
from hypothesis import strategies as st

from scaffold.constraints.slot_automaton import SlotAutomaton

CPU = torch.device("cpu")
OPEN = -1


def automaton(transitions, token_class, accepting, **more):
    """Content states as given, plus the null class (the last) and its sink behind every accepting state."""
    states, classes = len(transitions), len(transitions[0])
    table = np.full((states + 1, classes + 1), -1, dtype=np.int32)
    table[:states, :classes] = transitions
    table[:states, classes] = np.where(accepting, states, -1)
    table[states, classes] = states
    return SlotAutomaton(
        transitions=table,
        token_class=np.array(token_class, dtype=np.int32),
        accepting=np.array([*accepting, True]),
        null_class=classes,
        **more,
    )


@st.composite
def automata(draw):
    """Any small automaton; the last token id is null, class -1 is never legal."""
    states, classes = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    target = st.integers(-1, states - 1)
    transitions = draw(st.lists(st.lists(target, min_size=classes, max_size=classes), min_size=states, max_size=states))
    accepting = draw(st.lists(st.booleans(), min_size=states, max_size=states))
    content = draw(st.lists(st.integers(-1, classes - 1), min_size=2, max_size=4))
    return automaton(transitions, [*content, classes], accepting)


def whole_automata():
    """Automata as they are compiled: every class but the dead one has a token, and so has every token a class."""
    return automata().filter(lambda a: set(a.token_class.tolist()) == set(range(a.transitions.shape[1])))


def predictions(slots, length, vocab, seed, *, sharpness=3.0, forbidden=0.0):
    """Random log probabilities; a share `forbidden` of them is -inf."""
    generator = torch.Generator().manual_seed(seed)
    logits = sharpness * torch.randn(slots, length, vocab, generator=generator)
    log_probs = logits.log_softmax(-1)
    return log_probs.masked_fill(torch.rand(log_probs.shape, generator=generator) < forbidden, -torch.inf)


def commitments(slots, length, vocab, seed, *, share):
    """Random tokens committed at a `share` of the positions."""
    generator = torch.Generator().manual_seed(seed)
    tokens = torch.randint(vocab, (slots, length), generator=generator)
    return tokens.masked_fill(torch.rand((slots, length), generator=generator) >= share, OPEN)


def accepts(language, word):
    state = 0
    for token in word:
        label = language.token_class[token]
        state = language.transitions[state, label] if 0 <= label < language.transitions.shape[1] else -1
        if state < 0:
            return False
    return bool(language.accepting[state])


def weight(log_probs, committed, word):
    """Log probability of one slot's filling; a committed token is certain."""
    total = 0.0
    for position, token in enumerate(word):
        if committed[position] == OPEN:
            total += log_probs[position, token].item()
        elif committed[position] != token:
            return -np.inf
    return total


def fillings(is_legal, log_probs, committed, *, require_content=False, null_id=None):
    """Every legal filling of one slot that is possible at all, with its log probability."""
    length, vocab = log_probs.shape
    empty = (null_id,) * length
    words = (w for w in product(range(vocab), repeat=length) if is_legal(w) and not (require_content and w == empty))
    weighed = {word: weight(log_probs, committed, word) for word in words}
    return {word: value for word, value in weighed.items() if value > -np.inf}


def summary(weighed, length, vocab):
    """Log mass and token marginals of a listed language."""
    marginals = np.zeros((length, vocab))
    log_z = np.logaddexp.reduce(list(weighed.values())) if weighed else -np.inf
    for word, value in weighed.items():
        marginals[np.arange(length), list(word)] += np.exp(value - log_z)
    return log_z, marginals
