"""What the training loop trains: a network that says how probable the targets of a batch are."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from scaffold.errors import ModelError
from scaffold.models.slot_filler import SlotFiller
from scaffold.train.batches import Batch
from scaffold.train.plain_attention import plain_attention


class Learner(nn.Module, ABC):
    """A module around the network in training: processes that train together all run its `forward`."""

    network: nn.Module

    @abstractmethod
    def forward(self, batch: Batch, done: float) -> Float[Tensor, " wanted"]:
        """Log-probability of each target, when the share `done` of the schedule has passed."""

    @abstractmethod
    def pretrained(self) -> list[Tensor]:
        """The parameters that learn at the rate of the body; all others are new and learn at that of the head."""

    def trained_state(self) -> dict[str, Tensor]:
        """The weights that a checkpoint has to hold: all but frozen parameters."""
        frozen = {name for name, parameter in self.network.named_parameters() if not parameter.requires_grad}
        return {name: tensor for name, tensor in self.network.state_dict().items() if name not in frozen}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `trained_state` gave.

        Raises:
            ModelError: it was given by another network.
        """
        try:
            missing, unexpected = self.network.load_state_dict(state, strict=False)
        except RuntimeError as error:
            raise _other_network() from error
        if unexpected or set(missing) & self.trained_state().keys():
            raise _other_network()


def _other_network() -> ModelError:
    return ModelError((), "the checkpoint holds another network", "train into an empty folder")


class SlotFillerLearner(Learner):
    """The embedded default and its relatives."""

    def __init__(self, network: SlotFiller) -> None:
        super().__init__()
        self.network: SlotFiller = network

    def forward(self, batch: Batch, done: float) -> Float[Tensor, " wanted"]:
        """See `Learner`."""
        del done  # nothing about the network changes on the way
        device = batch.canvas.tokens.device
        with plain_attention(self.network.body, device), torch.autocast(device.type, torch.bfloat16):
            hidden = self.network.encode(batch.canvas)
        # The heads see another number of positions in each step, for which a CPU would prepare low-precision
        # kernels anew each time.
        return self.network.target_log_probs(
            hidden.float(), batch.canvas, batch.rows, batch.columns, batch.targets, batch.origins
        )

    def pretrained(self) -> list[Tensor]:
        """See `Learner`."""
        return list(self.network.body.encoder.parameters())
