"""A linear map in the arithmetic that the processor does fastest."""

from collections.abc import Callable

import torch  # noqa: TID253 -- this module is imported when the first text is encoded

from matching.processor import Kernel

Tensor = torch.Tensor
Map = Callable[[Tensor], Tensor]

_TYPES = {Kernel.FLOAT32: torch.float32, Kernel.BFLOAT16: torch.bfloat16}
_functional = torch.nn.functional


def linear_map(weight: Tensor, bias: Tensor, kernel: Kernel, *, curved: bool = False) -> Map:
    """Rows times weights plus bias.

    :param weight: one row an output
    :param curved: whether the result goes through GELU
    """
    if kernel is Kernel.PLAIN:
        return _plain(weight, bias, curved=curved)
    return _packed(weight, bias, _TYPES[kernel], curved=curved)


def _plain(weight: Tensor, bias: Tensor, *, curved: bool) -> Map:
    if curved:
        return lambda rows: _functional.gelu(_functional.linear(rows, weight, bias))
    return lambda rows: _functional.linear(rows, weight, bias)


def _packed(weight: Tensor, bias: Tensor, kind: torch.dtype, *, curved: bool) -> Map:
    """Weights laid out in advance for oneDNN, and the curve in the same pass."""
    library = torch.ops.mkldnn
    packed = library._reorder_linear_weight(weight.to(kind))  # noqa: SLF001 -- torch is pinned
    multiply = library._linear_pointwise  # noqa: SLF001 -- torch is pinned
    addend = bias.to(kind)
    curve, form = ("gelu", "none") if curved else ("none", "")

    def result(rows: Tensor) -> Tensor:
        found: Tensor = multiply(rows.to(kind), packed, addend, curve, [], form)
        return found

    return result
