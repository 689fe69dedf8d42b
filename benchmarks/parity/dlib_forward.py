"""The forward pass of dlib's face network in the form of face-api.js, straight from its tensors.

    python3 benchmarks/parity/dlib_forward.py face_recognition_model-weights_manifest.json OUT.f32

writes what the published weights (tfjs manifest, uint8-quantised) give for two images made by
resnet_formula.images: 2 x 128 big-endian 32-bit floats.
"""
import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

UNITS = [
    ("conv32", 32, 3),
    ("conv64", 64, 3),
    ("conv128", 128, 2),
    ("conv256", 256, 2),
]


def shapes():
    def scaled(name, kernel, channels, out):
        return {
            f"{name}/conv/filters": (kernel, kernel, channels, out),
            f"{name}/conv/bias": (out,),
            f"{name}/scale/weights": (out,),
            f"{name}/scale/biases": (out,),
        }

    found = scaled("conv32_down", 7, 3, 32)
    channels = 32
    for name, out, count in UNITS:
        units = [f"{name}_{i + 1}" for i in range(count)]
        for unit in ([f"{name}_down"] if out > 32 else []) + units:
            found |= scaled(f"{unit}/conv1", 3, channels, out)
            found |= scaled(f"{unit}/conv2", 3, out, out)
            channels = out
    for conv in ("conv1", "conv2"):
        found |= scaled(f"conv256_down_out/{conv}", 3, 256, 256)
    found["fc"] = (256, 128)
    return found


SHAPES = shapes()


def forward(tensors, images):
    def scaled(name, x, stride, padding):
        filters = tensors[f"{name}/conv/filters"].permute(3, 2, 0, 1).contiguous()
        y = F.conv2d(x, filters, tensors[f"{name}/conv/bias"], stride, padding)
        scale = tensors[f"{name}/scale/weights"].view(1, -1, 1, 1)
        return y * scale + tensors[f"{name}/scale/biases"].view(1, -1, 1, 1)

    def unit(name, x):
        y = scaled(f"{name}/conv2", F.relu(scaled(f"{name}/conv1", x, 1, 1)), 1, 1)
        return F.relu(x + y)

    def halving(name, x):
        y = scaled(f"{name}/conv2", F.relu(scaled(f"{name}/conv1", x, 2, 0)), 1, 1)
        pooled = F.avg_pool2d(x, 2, 2)
        y = F.pad(y, (0, pooled.shape[3] - y.shape[3], 0, pooled.shape[2] - y.shape[2]))
        if y.shape[1] > pooled.shape[1]:
            pooled = torch.cat([pooled, torch.zeros_like(pooled)], 1)
        return F.relu(pooled + y)

    with torch.no_grad():
        x = F.max_pool2d(F.relu(scaled("conv32_down", images, 2, 0)), 3, 2)
        for name, out, count in UNITS:
            if out > 32:
                x = halving(f"{name}_down", x)
            for i in range(count):
                x = unit(f"{name}_{i + 1}", x)
        x = halving("conv256_down_out", x)
        return x.mean((2, 3)) @ tensors["fc"]


def read(manifest):
    tensors = {}
    for group in json.loads(manifest.read_text()):
        data = b"".join((manifest.parent / path).read_bytes() for path in group["paths"])
        at = 0
        for entry in group["weights"]:
            count = int(np.prod(entry["shape"]))
            if "quantization" in entry:
                q = np.frombuffer(data, np.uint8, count, at)
                at += count
                quantization = entry["quantization"]
                values = q * quantization["scale"] + quantization["min"]
            else:
                values = np.frombuffer(data, "<f4", count, at)
                at += 4 * count
            values = np.asarray(values, np.float32).reshape(entry["shape"])
            tensors[entry["name"]] = torch.from_numpy(values.copy())
        assert at == len(data)
    assert {name: tuple(t.shape) for name, t in tensors.items()} == SHAPES
    return tensors


if __name__ == "__main__":
    import resnet_formula

    result = forward(read(pathlib.Path(sys.argv[1])), resnet_formula.images(2, 150, 150) / 4)
    result.numpy().astype(">f4").tofile(sys.argv[2])
    print(tuple(result.shape), "std", result.std().item())
