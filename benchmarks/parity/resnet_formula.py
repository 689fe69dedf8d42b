"""Weights and images as a pure function of name and index, so that Java makes the same ones.

Element i of the tensor called NAME is u = top 24 bits of mix(fnv1a64(NAME) + (i + 1) * GOLDEN) / 2^24,
mix being the finaliser of SplitMix64; the function `fill` says what becomes of u.
"""
import math

import numpy as np
import torch

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def uniform(name, count):
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + (np.arange(count, dtype=np.uint64) + np.uint64(1)) * GOLDEN
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) / 2.0**24


def values(name, shape):
    u = uniform(name, int(np.prod(shape)))
    if len(shape) > 1:  # a convolution or a matrix: He, uniform
        u = (u * 2 - 1) * math.sqrt(6.0 / np.prod(shape[1:]))
    elif name.endswith("running_var"):
        u = 0.5 + u
    elif name.endswith("weight"):  # of a batch normalisation
        u = 0.3 + 0.4 * u
    else:  # bias and running_mean
        u = (u - 0.5) * 0.2
    return torch.from_numpy(u.astype(np.float32).reshape(shape))


def fill(model):
    for name, tensor in model.state_dict().items():
        if not name.startswith("fc.") and not name.endswith("num_batches_tracked"):
            tensor.copy_(values(name, tuple(tensor.shape)))
    model.fc = torch.nn.Identity()
    return model.eval()


def images(count, height, width):
    u = uniform("images", count * 3 * height * width) * 4 - 2
    return torch.from_numpy(u.astype(np.float32).reshape(count, 3, height, width))
