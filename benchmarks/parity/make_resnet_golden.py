"""Writes torchvision's feature vectors for ResNetParityTest: big-endian 32-bit floats, image by image.

    python3 benchmarks/parity/make_resnet_golden.py modules/model/src/test/resources/org/mien/model/backbone

Made with torch 1.13 and torchvision 0.14; other versions differ in the last bits.
"""
import pathlib
import sys

import torch
import torchvision

import resnet_formula

# Odd sides, so that rounding in strides and padding shows.
CASES = {"resnet18": (75, 61), "resnet50": (64, 64)}

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for name, (height, width) in CASES.items():
    model = resnet_formula.fill(getattr(torchvision.models, name)(weights=None))
    with torch.no_grad():
        features = model(resnet_formula.images(2, height, width))
    features.numpy().astype(">f4").tofile(folder / f"{name}-{height}x{width}.f32")
    print(name, tuple(features.shape), "mean", features.mean().item(), "std", features.std().item())
