"""NumPy's and FAISS's part of benchmarks/identification/run.sh: the ten most similar rows of each probe.

    python_search.py GALLERY PROBES numpy|faiss

Both files have 16 bytes of header (rows, columns, stride, type) and rows of floats. Prints a version, then
answers each line with the sum of the best similarities: the search has ended.
"""
import sys

import numpy

TOP = 10
BLOCK = 8192


def matrix(path):
    rows, columns = numpy.fromfile(path, dtype="<i4", count=2)
    return numpy.memmap(path, dtype="<f4", mode="r", offset=16, shape=(rows, columns))


def numpy_search(gallery, probes):
    best = numpy.full((len(probes), 0), 0, dtype=numpy.float32)
    for first in range(0, len(gallery), BLOCK):
        scores = probes @ gallery[first:first + BLOCK].T
        top = numpy.argpartition(scores, -TOP, axis=1)[:, -TOP:]
        best = numpy.concatenate([best, numpy.take_along_axis(scores, top, axis=1)], axis=1)
    return numpy.sort(best, axis=1)[:, -TOP:].max(axis=1).sum()


def main():
    gallery, probes = matrix(sys.argv[1]), numpy.array(matrix(sys.argv[2]))
    if sys.argv[3] == "faiss":
        import faiss
        index = faiss.IndexFlatIP(gallery.shape[1])
        index.add(numpy.ascontiguousarray(gallery))
        print("FAISS %s" % faiss.__version__, flush=True)
        search = lambda: index.search(probes, TOP)[0].max(axis=1).sum()
    else:
        print("NumPy %s" % numpy.__version__, flush=True)
        search = lambda: numpy_search(gallery, probes)
    for _ in sys.stdin:
        print("%.4f" % search(), flush=True)


main()
