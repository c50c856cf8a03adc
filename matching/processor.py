"""What this processor multiplies fastest without loss that matters."""

from collections.abc import Mapping
from enum import StrEnum


class Kernel(StrEnum):
    """How the products of a transformer are computed. All else is float32 in each of them.

    Cosine with plain float32, on 400-letter texts: 1.0000000 for ``PLAIN`` and ``FLOAT32``,
    .99999 (least .99998) for ``BFLOAT16``.
    """

    PLAIN = "plain"
    """Whatever torch does with float32; works everywhere."""
    FLOAT32 = "float32"
    """Weights laid out for oneDNN. Torch alone asks a library that is slow on some processors."""
    BFLOAT16 = "bfloat16"
    """Half the bytes, sums in float32. Worth it only where the processor has instructions for it;
    elsewhere it is imitated, and slower than float32.
    """


def fastest_kernel(abilities: Mapping[str, object] | None = None) -> Kernel:
    """The kernel to use.

    :param abilities: as ``torch.cpu.get_capabilities`` tells them; of this processor if None
    """
    known = _abilities() if abilities is None else abilities
    if known.get("architecture") != "x86_64":
        return Kernel.PLAIN
    if known.get("avx512_bf16") or known.get("amx_bf16"):
        return Kernel.BFLOAT16
    return Kernel.FLOAT32


def runnable_kernels() -> list[Kernel]:
    """Every kernel that runs here, fast or not."""
    import torch

    kernels = [Kernel.PLAIN]
    if torch.backends.mkldnn.is_available():
        kernels.append(Kernel.FLOAT32)
        if torch.ops.mkldnn._is_mkldnn_bf16_supported():  # noqa: SLF001 -- has no public name
            kernels.append(Kernel.BFLOAT16)
    return kernels


def _abilities() -> Mapping[str, object]:
    import torch

    if not torch.backends.mkldnn.is_available():
        return {}
    abilities: Mapping[str, object] = torch.cpu.get_capabilities()
    return abilities
