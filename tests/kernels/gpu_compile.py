"""Compiling Triton kernels for GPUs that this machine need not have, and what they need there.

Triton decides at import whether its kernels are to be interpreted, so a process of its own compiles: this file, run as
a program, which reads kernels from its input and writes what they need to its output.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Kernel:
    """A kernel for one kind of GPU.

    Attributes
    ----------
    module, name : str
        Where it is.
    types : dict of str to str
        Triton's type of each argument, for example ``*fp32`` or ``i32``, without those in `constants`.
    constants : dict of str to object
        Values of those that are known when it is compiled.
    capability : int
        Of the GPU: 80 (A100) or 90 (H100).
    options : dict of str to object
        For example ``num_warps``.
    """

    module: str
    name: str
    types: Mapping[str, str]
    constants: Mapping[str, Any]
    capability: int
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Needs:
    """What a compiled kernel needs: registers of a thread, shared memory of a program [bytes], and spilled bytes."""

    registers: int
    shared: int
    spilled: int


def compile_all(kernels: Sequence[Kernel]) -> list[Needs]:
    """Compile kernels, and tell what each needs; all pointers count as aligned to 16 bytes, as torch's are."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {name: value for name, value in os.environ.items() if name != "TRITON_INTERPRET"}
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "tests.kernels.gpu_compile"], cwd=ROOT, text=True, check=False,
            capture_output=True, input=json.dumps([asdict(kernel) for kernel in kernels]),
            env={**environment, "TRITON_CACHE_DIR": cache},
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [Needs(**needs) for needs in json.loads(done.stdout)]


def _needs(kernel: Kernel) -> Needs:
    import triton
    from triton.backends.compiler import GPUTarget
    from triton.compiler import ASTSource

    function = getattr(import_module(kernel.module), kernel.name)
    types = {name: kernel.types.get(name, "constexpr") for name in function.arg_names}
    aligned = {(k,): [["tt.divisibility", 16]] for k, kind in enumerate(types.values()) if kind.startswith("*")}
    source = ASTSource(function, types, dict(kernel.constants), aligned)
    found = triton.compile(source, GPUTarget("cuda", kernel.capability, 32), dict(kernel.options))
    with tempfile.NamedTemporaryFile(suffix=".cubin") as file:
        file.write(found.asm["cubin"])
        file.flush()
        tool = triton.knobs.nvidia.cuobjdump.path
        usage = subprocess.run([tool, "--dump-resource-usage", file.name], capture_output=True, text=True, check=True)
    # for example "REG:64 STACK:0 SHARED:0 LOCAL:0 ..."
    words = dict(word.split(":")[:2] for word in usage.stdout.split() if ":" in word)
    return Needs(int(words["REG"]), found.metadata.shared, int(words["STACK"]) + int(words["LOCAL"]))


if __name__ == "__main__":
    kernels = [Kernel(**kernel) for kernel in json.load(sys.stdin)]
    json.dump([asdict(_needs(kernel)) for kernel in kernels], sys.stdout)
