#!/usr/bin/env bash
# Exact search: 3,530 probes against a gallery of 512 numbers a row in a file. Mien beside sgemm alone, NumPy
# (blocks of sgemm, argpartition) and FAISS (flat, in memory), on all cores, in alternating rounds; prints a
# table with ratios, and the peak of Mien's resident memory.
#   benchmarks/identification/run.sh
#   ROWS=200000 PROBES=3530 ROUNDS=5     the sizes; ROWS=1000000 is MegaFace's and needs 2 GB of disk
#   PYTHON=python3 FOLDER=/tmp           which Python has NumPy (and FAISS, else it is left out); where the file is
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
. "$home/benchmarks/peers.sh"
(cd "$home" && mvn --batch-mode --no-transfer-progress -q ${MAVEN_OPTIONS:-} -Pbenchmarks -pl benchmarks/jmh -am -DskipTests package)
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx512m -XX:+UseSerialGC \
  -cp "$home/benchmarks/jmh/target/classes:$(cat "$home/benchmarks/jmh/target/class-path-of-libraries.txt")" \
  org.mien.benchmarks.SearchRounds "${FOLDER:-${TMPDIR:-/tmp}}" "${ROWS:-200000}" "${PROBES:-3530}" "${ROUNDS:-5}" \
  "${PYTHON:-python3}" "$home/benchmarks/identification/python_search.py"
