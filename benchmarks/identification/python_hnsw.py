"""FAISS's part of benchmarks/identification/approximate.sh: one thread, one probe at a time.

    python_hnsw.py GALLERY PROBES M EF_CONSTRUCTION

Both files have 16 bytes of header (rows, columns, stride, type) and rows of floats. Prints a version and the time
that the graph took, then answers each line with one number:
    ef EF                   median milliseconds a probe
    flat                    the same, by comparing with all rows
    recall EF FIRST END K   share of the K best rows of probes FIRST to END - 1 that are found
"""
import sys
import time

import faiss
import numpy


def matrix(path):
    rows, columns = numpy.fromfile(path, dtype="<i4", count=2)
    return numpy.fromfile(path, dtype="<f4", offset=16).reshape(rows, columns)


def median_ms(index, probes, count):
    taken = []
    for probe in probes[:count]:
        began = time.perf_counter()
        index.search(probe[None], 10)
        taken.append(time.perf_counter() - began)
    return 1000 * numpy.median(taken)


def main():
    gallery, probes = matrix(sys.argv[1]), matrix(sys.argv[2])
    faiss.omp_set_num_threads(1)
    index = faiss.IndexHNSWFlat(gallery.shape[1], int(sys.argv[3]), faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = int(sys.argv[4])
    began = time.perf_counter()
    index.add(gallery)
    print("FAISS %s, built in %.0f s" % (faiss.__version__, time.perf_counter() - began), flush=True)
    flat = faiss.IndexFlatIP(gallery.shape[1])
    flat.add(gallery)
    best = flat.search(probes, 10)[1]
    for line in sys.stdin:
        words = line.split()
        if words[0] == "flat":
            answer = median_ms(flat, probes, 20)
        else:
            index.hnsw.efSearch = int(words[1])
            if words[0] == "ef":
                answer = median_ms(index, probes, len(probes))
            else:
                first, end, k = map(int, words[2:])
                found = index.search(probes[first:end], k)[1]
                answer = numpy.mean([numpy.isin(a, b[:k]).mean() for a, b in zip(found, best[first:end])])
        print("%.5f" % answer, flush=True)


main()
