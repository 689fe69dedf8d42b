"""NumPy's and scikit-learn's part of benchmarks/scoring/run.sh: templates as many as IJB-C's.

    python_scoring.py MEMBERS PAIRS EMBEDDINGS

MEMBERS and PAIRS are lists in IJB's format, EMBEDDINGS one image's embedding for each line of MEMBERS (16 bytes of
header, rows of floats). Prints versions, then answers the lines 'lists', 'pool' and 'compare and curve', in this
order, with a number when it has done so; the last number is TAR at the point nearest to a FAR of 1e-4. As the
published evaluators do, but for NumPy's own parser instead of pandas'.
"""
import sys

import numpy
import sklearn
from sklearn.metrics import roc_curve

AT_ONCE = 100_000


def main():
    members, pairs, embeddings = sys.argv[1:]
    print("NumPy %s, scikit-learn %s" % (numpy.__version__, sklearn.__version__), flush=True)
    for line in sys.stdin:
        step = line.strip()
        if step == "lists":
            with open(members) as lines:
                template = numpy.array([int(line.split()[1]) for line in lines])
            listed = numpy.fromfile(pairs, dtype=numpy.int64, sep=" ").reshape(-1, 3)
            print(len(listed), flush=True)
        elif step == "pool":
            rows, columns = numpy.fromfile(embeddings, dtype="<i4", count=2)
            images = numpy.fromfile(embeddings, dtype="<f4", offset=16).reshape(rows, columns)
            unit = numpy.zeros((template.max() + 1, columns), dtype=numpy.float32)
            # One image a template: the sum over its images is the image.
            unit[template] = images / numpy.linalg.norm(images, axis=1, keepdims=True)
            print(unit.shape[0], flush=True)
        else:
            scores = numpy.empty(len(listed), dtype=numpy.float32)
            for first in range(0, len(listed), AT_ONCE):
                part = listed[first:first + AT_ONCE]
                scores[first:first + AT_ONCE] = numpy.einsum("ij,ij->i", unit[part[:, 0]], unit[part[:, 1]])
            fpr, tpr, _ = roc_curve(listed[:, 2], scores)
            fpr, tpr = numpy.flipud(fpr), numpy.flipud(tpr)
            print("%.6f" % tpr[numpy.argmin(numpy.abs(fpr - 1e-4))], flush=True)


main()
