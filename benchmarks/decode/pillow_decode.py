"""Pillow's part of benchmarks/decode/run.sh: JPEG in memory to a normalised float array, on one thread.

    pillow_decode.py FOLDER COUNT

Reads a mode a line, works through all images, and answers "done". Modes: bilinear and box, the resampling;
draft, bilinear after decoding at a reduced size.
"""
import io
import os
import sys

import numpy
import PIL
from PIL import Image, features

SIDE = 112


def encoded(folder, count):
    files = sorted(os.path.join(parent, name) for parent, _, names in os.walk(folder) for name in names
                   if name.endswith(".jpg"))
    wanted = min(count, len(files))
    images = []
    for i in range(wanted):
        with open(files[i * len(files) // wanted], "rb") as file:
            images.append(file.read())
    return images


def network_input(jpeg, mode):
    image = Image.open(io.BytesIO(jpeg))
    if mode == "draft":
        image.draft("RGB", (SIDE, SIDE))
    resampling = Image.BOX if mode == "box" else Image.BILINEAR
    image = image.convert("RGB").resize((SIDE, SIDE), resampling)
    values = (numpy.asarray(image, dtype=numpy.float32) - 127.5) / 128
    return numpy.ascontiguousarray(values.transpose(2, 0, 1))


def main():
    images = encoded(sys.argv[1], int(sys.argv[2]))
    print("Pillow %s with libjpeg %s%s, numpy %s" % (
        PIL.__version__, features.version("jpg"),
        "-turbo" if features.check_feature("libjpeg_turbo") else "", numpy.__version__), flush=True)
    for line in sys.stdin:
        for jpeg in images:
            network_input(jpeg, line.strip())
        print("done", flush=True)


if __name__ == "__main__":
    main()
