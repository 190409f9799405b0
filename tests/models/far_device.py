"""A device that is not there: tensors are computed on the processor, and marked as if they were on a GPU.

What a GPU would refuse (operands on two devices) is an error here, and what makes the processor wait for a GPU is
counted: reading a value, a shape that depends on values, copying without `non_blocking`.
"""

from collections import Counter
from traceback import extract_stack

import torch
from torch.overrides import TorchFunctionMode, resolve_name

FAR = torch.device("cuda", 0)
CPU = torch.device("cpu")
READS = {
    "item", "tolist", "numpy", "__bool__", "__int__", "__float__", "__index__", "__contains__", "nonzero",
    "argwhere", "unique", "unique_consecutive", "masked_select", "bincount", "equal", "allclose", "isin",
    "repeat_interleave", "__array__", "is_nonzero",
}  # fmt: skip
TAKES_INDICES = {"__getitem__", "__setitem__", "index_put", "index_put_"}


class FarDevice(TorchFunctionMode):
    """Counts, while it is entered, what waits; `where` says from which lines of the package."""

    def __init__(self):
        super().__init__()
        self.reads, self.uploads = Counter(), Counter()

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        name = (resolve_name(func) or getattr(func, "__name__", "")).rsplit(".", 1)[-1]
        given = list(tensors((args, kwargs)))
        is_far = any(far(tensor) for tensor in given)
        if name == "__get__":
            return self.attribute(func, args)
        if name == "pin_memory":
            return args[0]
        if name in {"to", "cpu"}:
            return self.moved(name, args, kwargs)
        if is_far and name in READS and not (name == "repeat_interleave" and isinstance(args[1], int)):
            self.note(self.reads, name)
        if is_far and name in TAKES_INDICES:
            self.indexed(name, args)
        elif is_far:
            strangers = [t for t in given if not far(t) and t.dim() and not isinstance(t, torch.nn.Parameter)]
            assert not strangers, f"{name}: operands on two devices, of shape {strangers[0].shape}"
        device, is_here = kwargs.get("device"), False
        if device is not None:
            is_here = torch.device(device).type == "cpu"
            kwargs["device"] = CPU
            is_far = is_far or not is_here
        if name in {"tensor", "new_tensor", "as_tensor"} and is_far:
            self.note(self.uploads, name)
        if name == "histc":  # counts integers on a GPU only
            args = (args[0].float(), *args[1:])
        found = func(*args, **kwargs)
        return mark(found) if is_far and not is_here and name not in READS - SHAPES else found

    def attribute(self, func, args):
        found = func(*args)
        if isinstance(found, torch.device):
            return FAR if far(args[0]) else found
        return mark(found) if isinstance(found, torch.Tensor) and far(args[0]) else found

    def moved(self, name, args, kwargs):
        """`to` with a device goes to or fro; with anything else it stays where it is."""
        given = [*args[1:], kwargs.pop("device", None)]
        devices = [torch.device(x) for x in given if isinstance(x, torch.device | str)]
        devices += [FAR if far(x) else CPU for x in given if isinstance(x, torch.Tensor)] + [CPU] * (name == "cpu")
        rest = [x for x in args[1:] if not isinstance(x, torch.device | str | torch.Tensor)]
        goal = devices[0] if devices else (FAR if far(args[0]) else CPU)
        if far(args[0]) and goal.type == "cpu":
            self.note(self.reads, name)
        if not far(args[0]) and goal.type != "cpu" and not kwargs.get("non_blocking"):
            self.note(self.uploads, name)
        found = torch.Tensor.to(args[0], *rest, **kwargs) if rest or kwargs else args[0]
        if found is args[0] and far(found) != (goal.type != "cpu"):
            found = found.detach().clone()
        return mark(found) if goal.type != "cpu" else found

    def indexed(self, name, args):
        """An index of truth values has to be counted, one from elsewhere carried over first."""
        index = args[1] if isinstance(args[1], tuple | list) else (args[1],)
        for one in index:
            if isinstance(one, torch.Tensor) and far(one) and one.dtype == torch.bool:
                self.note(self.reads, f"{name} by truth values")
            is_host = isinstance(one, list) or (isinstance(one, torch.Tensor) and not far(one) and one.dim())
            if is_host:
                self.note(self.uploads, f"{name} by an index of the host")

    def note(self, counter, name):
        own = [frame for frame in extract_stack() if "/scaffold/" in frame.filename and "/tests/" not in frame.filename]
        at = f"{own[-1].filename.rsplit('/scaffold/', 1)[1]}:{own[-1].lineno}" if own else "elsewhere"
        counter[f"{name} at {at}"] += 1


SHAPES = {
    "nonzero",
    "argwhere",
    "unique",
    "unique_consecutive",
    "masked_select",
    "bincount",
    "isin",
    "repeat_interleave",
}
"""These stay where they are, though their shapes have to be known."""


def far(tensor):
    return getattr(tensor, "is_far", False)


def mark(found):
    """Everything in it is far away."""
    for tensor in tensors(found):
        tensor.is_far = True
    return found


def tensors(value):
    match value:
        case torch.Tensor():
            yield value
        case dict():
            for one in value.values():
                yield from tensors(one)
        case tuple() | list():
            for one in value:
                yield from tensors(one)


def carried_away(module):
    """The weights of a module, on the device that is not there."""
    mark([*module.parameters(), *module.buffers()])
