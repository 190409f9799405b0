"""The network of the embedded default, at a tiny size."""

import pytest
import torch

from scaffold.denoise.canvas import Canvas
from scaffold.models.slot_filler import SlotFiller, SlotFillerConfig

VOCAB = 40


def tiny() -> SlotFiller:
    torch.manual_seed(0)
    config = SlotFillerConfig(
        vocab_size=VOCAB,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        copy_size=8,
    )
    return SlotFiller(config).eval()


def canvas_of(prompt: list[int], slot: int, length: int) -> Canvas:
    """A prompt, one fixed token, a masked slot, and padding up to `length`."""
    used = len(prompt) + 1 + slot
    tokens = torch.tensor([[*prompt, 3, *[VOCAB - 2] * slot, *[0] * (length - used)]])
    at = torch.arange(length)[None]
    inside = (at > len(prompt)) & (at < used)
    offset = torch.where(inside, at - len(prompt) - 1, -1)
    return Canvas(tokens, inside, at < used, offset, at < len(prompt))


def test_a_prediction_is_a_distribution_over_the_vocabulary():
    canvas = canvas_of([5, 6, 7, 8], 3, 8)
    rows, columns = canvas.masked.nonzero(as_tuple=True)
    found = tiny()(canvas, rows, columns)
    assert found.shape == (3, VOCAB)
    assert torch.allclose(found.exp().sum(-1), torch.ones(3), atol=1e-5)


def test_the_training_loss_reads_the_same_probabilities_as_the_prediction():
    model, canvas = tiny(), canvas_of([5, 6, 7, 5], 3, 8)
    rows, columns = canvas.masked.nonzero(as_tuple=True)
    targets = torch.tensor([5, 9, VOCAB - 1])
    found = model.target_log_probs(model.encode(canvas), canvas, rows, columns, targets)
    dense = model(canvas, rows, columns).gather(1, targets[:, None])[:, 0]
    assert torch.allclose(found, dense, atol=1e-4)


def test_a_target_with_origins_is_copied_from_nowhere_else():
    model, canvas = tiny(), canvas_of([5, 6, 7, 5], 3, 8)
    rows, columns = canvas.masked.nonzero(as_tuple=True)
    targets, hidden = torch.tensor([5, 6, VOCAB - 1]), model.encode(canvas)

    def found(*origins):
        pairs = torch.tensor(origins, dtype=torch.long).reshape(-1, 2)
        return model.target_log_probs(hidden, canvas, rows, columns, targets, pairs)

    free = model.target_log_probs(hidden, canvas, rows, columns, targets)
    assert torch.equal(found(), free), "without a place of its own a target may be copied from all"
    assert torch.allclose(found((0, 0), (0, 3), (1, 1)), free), "all places there are"
    first = found((0, 0), (1, 1))
    assert first[0] < free[0]
    assert torch.equal(first[1:], free[1:])
    assert torch.equal(found((0, 2)), free), "a place that holds another token is none"


def test_a_prediction_is_the_mixture_that_its_experts_give():
    model, canvas = tiny(), canvas_of([5, 6, 5, 5], 3, 8)  # a token that stands there thrice is copied from each place
    rows, columns = canvas.masked.nonzero(as_tuple=True)
    hidden = model.encode(canvas)
    gate = model.gate(hidden[rows, columns]).softmax(-1)
    pointed, ended = model.follow(hidden, canvas, rows, columns)
    slow = model.scores(hidden[rows, columns]).softmax(-1) * gate[:, :1]
    slow.scatter_add_(1, model.copied(canvas, rows, columns), pointed.exp() * gate[:, 1:2])
    slow[:, -1] = gate[:, 2] + gate[:, 1] * ended.exp()
    assert torch.allclose(model(canvas, rows, columns), slow.log(), atol=1e-5)


def test_padding_does_not_change_a_row():
    model = tiny()
    short, long = canvas_of([5, 6, 7, 8], 3, 8), canvas_of([5, 6, 7, 8], 3, 20)
    rows, columns = short.masked.nonzero(as_tuple=True)
    assert torch.allclose(model(short, rows, columns), model(long, rows, columns), atol=1e-5)


def test_a_row_does_not_depend_on_its_neighbours():
    model = tiny()
    one, other = canvas_of([5, 6, 7, 8], 3, 8), canvas_of([9, 10], 5, 8)
    both = Canvas(*(torch.cat((getattr(one, n), getattr(other, n))) for n in Canvas.__dataclass_fields__))
    rows, columns = both.masked.nonzero(as_tuple=True)
    together = model(both, rows, columns)
    assert torch.allclose(together[:3], model(one, *one.masked.nonzero(as_tuple=True)), atol=1e-5)
    assert torch.allclose(together[3:], model(other, *other.masked.nonzero(as_tuple=True)), atol=1e-5)


@pytest.mark.parametrize("offset", [0, 1, 2])
def test_pointing_at_a_start_points_one_further_at_each_next_position(offset):
    model = tiny()
    with torch.no_grad():
        model.queries.weight.zero_()
        model.keys.weight.zero_()
        model.queries.bias.zero_()
        model.keys.bias.zero_()
    canvas = canvas_of([5, 6, 7, 8], 3, 8)
    hidden = torch.zeros(1, 8, 32)
    size = model.config.copy_size
    with torch.no_grad():  # position 1 is where the span starts: only its start key is long
        model.queries.bias[size] = 9.0
        model.keys.weight[size, 0] = 9.0
    hidden[0, 1, 0] = 1.0
    rows, columns = canvas.masked.nonzero(as_tuple=True)
    assert int(model.point(hidden, canvas, rows, columns)[offset].argmax()) == 1 + offset


def test_copying_stops_behind_the_end_of_the_span_and_says_null_there():
    model = tiny()
    with torch.no_grad():
        for layer in (model.queries, model.keys, model.end_queries, model.end_keys):
            layer.weight.zero_()
            layer.bias.zero_()
        size = model.config.copy_size
        model.queries.bias[size], model.keys.weight[size, 0] = 19.0, 19.0  # the span starts where feature 0 is on
        model.end_queries.bias[0], model.end_keys.weight[0, 1] = 19.0, 19.0  # and ends where feature 1 is on
    hidden = torch.zeros(1, 9, 32)
    hidden[0, 1, 0] = 1.0
    hidden[0, 2, 1] = 1.0
    canvas = canvas_of([5, 6, 7, 8], 4, 9)
    pointed, ended = model.follow(hidden, canvas, *canvas.masked.nonzero(as_tuple=True))
    assert pointed.argmax(-1)[:2].tolist() == [1, 2]
    assert (pointed.logsumexp(-1).exp() > 0.9).tolist() == [True, True, False, False]
    assert (ended.exp() > 0.9).tolist() == [False, False, True, True]
