#!/usr/bin/env python3
"""Makes the golden file of the similarity transform with NumPy.

Usage: make_alignment_golden.py > modules/data/src/test/resources/org/mien/data/align/umeyama.json
Made with NumPy 1.24.2 (Debian 12). Umeyama 1991, equations 34 to 43, by singular values: the way of
scikit-image's SimilarityTransform. Points are random numbers from a fixed seed, not of any face.
"""

import json
import sys

import numpy as np

ARC_FACE = np.array(
    [
        [38.2946, 51.6963],
        [73.5318, 51.5014],
        [56.0252, 71.7366],
        [41.5493, 92.3655],
        [70.7299, 92.2041],
    ]
)


def umeyama(source, target):
    count, dimension = source.shape
    source_mean, target_mean = source.mean(0), target.mean(0)
    s, t = source - source_mean, target - target_mean
    covariance = t.T @ s / count
    sign = np.ones(dimension)
    if np.linalg.det(covariance) < 0:
        sign[-1] = -1
    u, singular, vt = np.linalg.svd(covariance)
    if np.linalg.matrix_rank(covariance) == dimension - 1:
        if np.linalg.det(u) * np.linalg.det(vt) > 0:
            rotation = u @ vt
        else:
            sign[-1], kept = -1, sign[-1]
            rotation = u @ np.diag(sign) @ vt
            sign[-1] = kept
    else:
        rotation = u @ np.diag(sign) @ vt
    scale = (singular @ sign) / s.var(axis=0).sum()
    shift = target_mean - scale * rotation @ source_mean
    return np.c_[scale * rotation, shift]


random = np.random.RandomState(20241124)
cases = []


def case(name, source, target):
    cases.append(
        {
            "name": name,
            "from": source.ravel().tolist(),
            "to": target.ravel().tolist(),
            "matrix": umeyama(source, target).ravel().tolist(),
        }
    )


def turned(points, angle, scale, shift):
    c, s = scale * np.cos(angle), scale * np.sin(angle)
    return points @ np.array([[c, s], [-s, c]]) + shift


for index, (angle, scale, noise) in enumerate(
    [(0.0, 1.0, 0.5), (0.3, 2.1, 3.0), (-0.7, 0.25, 1.0), (2.9, 5.0, 20.0), (1.5, 40.0, 100.0)]
):
    source = turned(ARC_FACE, angle, scale, random.uniform(-200, 900, 2))
    case(f"face {index}", source + random.normal(0, noise, (5, 2)), ARC_FACE)
case("face on 128", ARC_FACE * 1.7 + random.normal(0, 2, (5, 2)), ARC_FACE + [8, 0])
case("mirrored", (ARC_FACE * [-1, 1] + [300, 40]) + random.normal(0, 1, (5, 2)), ARC_FACE)
case("profile, nearly in one column", ARC_FACE * [0.02, 1] + random.normal(0, 0.1, (5, 2)), ARC_FACE)
case("in one line", np.c_[np.arange(5.0), 2 * np.arange(5.0) + 1], ARC_FACE)
case("two points", random.uniform(0, 100, (2, 2)), random.uniform(0, 100, (2, 2)))
case("noise", random.uniform(0, 100, (5, 2)), random.uniform(0, 100, (5, 2)))
json.dump({"cases": cases}, sys.stdout, indent=1)
sys.stdout.write("\n")
