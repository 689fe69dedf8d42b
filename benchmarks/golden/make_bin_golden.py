#!/usr/bin/env python3
"""Writes verification sets (.bin) as Python and numpy pickle them, for the reader's tests.

The images are colour patches, no faces.
Usage: python3 benchmarks/golden/make_bin_golden.py modules/data/src/test/resources/org/mien/data/format
"""
import io
import os
import pickle
import sys

import numpy
from PIL import Image


def patch(index):
    image = Image.new("RGB", (8, 8), (20 * index, 255 - 20 * index, 128))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()


def main(folder):
    os.makedirs(folder, exist_ok=True)
    images = [patch(i) for i in range(6)]
    same = [True, False, True]
    for protocol in range(6):
        with open(os.path.join(folder, f"bytes-protocol{protocol}.bin"), "wb") as out:
            pickle.dump((images, same), out, protocol=protocol)
    arrays = [numpy.frombuffer(image, dtype=numpy.uint8).copy() for image in images]
    columns = [array.reshape(-1, 1) for array in arrays]
    for name, bins, flags, protocol in [
        ("arrays-protocol2", arrays, same, 2),
        ("arrays-protocol4", arrays, [numpy.bool_(s) for s in same], 4),
        ("arrays-protocol5", arrays, same, 5),
        ("columns-protocol4", columns, numpy.array(same), 4),
        ("numbers-protocol3", tuple(images), [1, 0, 1], 3),
    ]:
        with open(os.path.join(folder, name + ".bin"), "wb") as out:
            pickle.dump((bins, flags), out, protocol=protocol)


if __name__ == "__main__":
    main(sys.argv[1])
