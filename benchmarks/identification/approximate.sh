#!/usr/bin/env bash
# Approximate search: one probe at a time in a drawn gallery of 512 numbers a row, five images of each person. Mien's
# index beside Mien's exact search and FAISS's IndexHNSWFlat with the same M, efConstruction and efSearch, in
# alternating rounds; prints medians, and the recall of probes who are in the gallery and of strangers.
#   benchmarks/identification/approximate.sh
#   ROWS=200000 PROBES=500 ROUNDS=3      the sizes; half of the probes are strangers
#   DIRECTIONS=128                       how many of the 512 directions faces differ in; 512 is the worst case
#   M=16 EF_CONSTRUCTION=100             of both graphs, each built by one thread
#   PYTHON=python3 FOLDER=/tmp           which Python has FAISS, else it is left out; where the files are
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
. "$home/benchmarks/peers.sh"
(cd "$home" && mvn --batch-mode --no-transfer-progress -q ${MAVEN_OPTIONS:-} -Pbenchmarks -pl benchmarks/jmh -am -DskipTests package)
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx2g -XX:+UseSerialGC \
  -cp "$home/benchmarks/jmh/target/classes:$(cat "$home/benchmarks/jmh/target/class-path-of-libraries.txt")" \
  org.mien.benchmarks.ApproximateRounds "${FOLDER:-${TMPDIR:-/tmp}}" "${ROWS:-200000}" "${PROBES:-500}" \
  "${DIRECTIONS:-128}" "${M:-16}" "${EF_CONSTRUCTION:-100}" "${ROUNDS:-3}" \
  "${PYTHON:-python3}" "$home/benchmarks/identification/python_hnsw.py"
