"""Writes the small .h5 and .pth files that KerasWeightsTest and TorchWeightsTest read.

    python3 benchmarks/parity/make_small_weights.py modules/model/src/test/resources/org/mien/model/weights

The .h5 files are laid out as Keras 2.x saves them, with h5py (Keras itself is not needed): whole.h5 a
model with its weights in model_weights, weights.h5 weights alone, nested.h5 a model inside a model,
twice.h5 two layers with a variable of one name. The others are what Keras does not write.
"""
import collections
import pathlib
import sys

import h5py
import numpy as np
import torch

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)

kernel = np.arange(2 * 3 * 2 * 4, dtype=np.float32).reshape(2, 3, 2, 4) / 8
bias = np.array([1, -2, 3, -4], dtype=np.float32)
norm = np.array([0.5, 0.25, 2, 1], dtype=np.float32)


def layer(group, name, variables):
    inner = group.create_group(name)
    inner.attrs["weight_names"] = [(n + ":0").encode() for n, _ in variables]
    for n, values in variables:
        inner.create_dataset(n + ":0", data=values)


def save(name, layers, whole=False, **options):
    with h5py.File(folder / name, "w", **options) as file:
        group = file.create_group("model_weights") if whole else file
        group.attrs["layer_names"] = [n.encode() for n, _ in layers]
        group.attrs["backend"] = b"tensorflow"
        group.attrs["keras_version"] = b"2.15.0"
        for n, variables in layers:
            layer(group, n, variables)
        if whole:
            file.attrs["model_config"] = b"{}"
            file.create_group("optimizer_weights").create_dataset("iterations:0", data=np.int64(7))


convolution = ("conv1", [("conv1/kernel", kernel), ("conv1/bias", bias)])
normalisation = (
    "bn1",
    [("bn1/" + n, norm) for n in ("gamma", "beta", "moving_mean", "moving_variance")],
)
save("whole.h5", [convolution, normalisation, ("relu1", [])], whole=True)
save("weights.h5", [convolution, normalisation])
save("latest.h5", [convolution, normalisation], libver="latest")
save("nested.h5", [("resnet", convolution[1] + normalisation[1]), ("top", [("top/bias", bias)])])
save("twice.h5", [("a", [("conv/bias", bias)]), ("b", [("conv/bias", norm)])])

with h5py.File(folder / "types.h5", "w") as file:
    file["half"] = np.array([1, -0.5, 65504, 2.0**-24], dtype=np.float16)
    file["double"] = np.array([0.1], dtype=np.float64)
    file["int64"] = np.array([-7], dtype=np.int64)
    file["uint8"] = np.array([250], dtype=np.uint8)
    file["scalar"] = np.float32(2.5)
    file["empty"] = np.zeros((0, 3), dtype=np.float32)
    file["group/inner"] = bias
with h5py.File(folder / "gzip.h5", "w") as file:
    file.create_dataset("zeros", data=np.zeros(1 << 20, dtype=np.float32), compression="gzip")
with h5py.File(folder / "virtual.h5", "w") as file:
    # 4 TiB that were never written: a few hundred bytes of file.
    file.create_dataset("huge", shape=(1 << 20, 1 << 20), dtype=np.float32)
with h5py.File(folder / "big-endian.h5", "w") as file:
    file["w"] = bias.astype(">f4")
with h5py.File(folder / "text.h5", "w") as file:
    file["w"] = b"no number"
with h5py.File(folder / "soft-link.h5", "w") as file:
    file["w"] = h5py.SoftLink("/elsewhere")
with h5py.File(folder / "external-link.h5", "w") as file:
    file["w"] = h5py.ExternalLink("/etc/other.h5", "/w")
with h5py.File(folder / "cycle.h5", "w") as file:
    group = file.create_group("a")
    group["again"] = group

state = collections.OrderedDict([("conv.weight", torch.ones(1, 1, 1, 1)), ("conv.bias", torch.ones(1))])
other = collections.OrderedDict([("conv.bias", torch.zeros(1))])


def prefixed(prefix, tensors=state):
    return collections.OrderedDict((prefix + k, v) for k, v in tensors.items())


wrapped = {
    "model": {"model": state, "epoch": 3},
    "backbone": {"backbone": state, "head": other, "accuracy": torch.tensor(0.9)},
    "net": {"net": prefixed("module.model.")},
    "lightning": {"model": {"state_dict": prefixed("net.")}, "optimizer": {"state": {}}},
    "compiled": prefixed("_orig_mod.backbone."),
    "features": prefixed("features."),
    "two": {"model": state, "net": other},
    "unknown": {"generator": state, "epoch": 3},
}
for name, value in wrapped.items():
    torch.save(value, folder / ("wrapped-" + name + ".pth"))
