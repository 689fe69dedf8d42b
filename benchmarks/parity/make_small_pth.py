"""Writes the small .pth files that TorchWeightsTest reads.

    python3 benchmarks/parity/make_small_pth.py modules/model/src/test/resources/org/mien/model/weights

small.pth and small-legacy.pth hold the same tensors in the two formats of torch.save; evil.pth and
evil-legacy.pth would run a command if they were unpickled; model.pth is a whole pickled module.
"""
import collections
import os
import pathlib
import sys

import torch


class Evil:
    def __reduce__(self):
        return (os.system, ("touch /tmp/mien-evil-was-here",))


count = torch.arange(24, dtype=torch.float32)
state = collections.OrderedDict()
state["conv.weight"] = count.reshape(2, 3, 2, 2) / 4
state["transposed"] = count.reshape(4, 6).t()
state["slice"] = count[5:9]
state["half"] = torch.tensor([1.0, -0.5, 65504.0, 2.0**-24, float("inf")]).half()
state["bfloat16"] = torch.tensor([1.0, -2.5]).bfloat16()
state["double"] = torch.tensor([1.5, -1e300], dtype=torch.float64)
state["counter"] = torch.tensor(7)
state["empty"] = torch.zeros(0, 3)
state["parameter"] = torch.nn.Parameter(torch.tensor([3.0]))

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)


def save(value, name, zipped=True):
    torch.save(value, folder / name, _use_new_zipfile_serialization=zipped)


save(state, "small.pth")
save(state, "small-legacy.pth", zipped=False)
save({"epoch": 3, "state_dict": {"module." + k: v for k, v in state.items()}}, "checkpoint.pth")
save({"weight": torch.zeros(1), "extra": Evil()}, "evil.pth")
save({"weight": torch.zeros(1), "extra": Evil()}, "evil-legacy.pth", zipped=False)
save(torch.nn.Linear(1, 1), "model.pth")
save({"expanded": torch.zeros(1).expand(1000000)}, "expanded.pth")
save([1, 2, 3], "list.pth")
