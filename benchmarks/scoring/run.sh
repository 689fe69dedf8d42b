#!/usr/bin/env bash
# Curves of many scores. First 100 million scores that come one by one, in bounded memory; then 15.7 million pairs of
# 23,124 templates of 512 numbers, from lists in IJB-C's format to the figures with their intervals, beside NumPy and
# scikit-learn. Prints medians and the peaks of resident memory.
#   benchmarks/scoring/run.sh
#   SCORES=100000000 ROUNDS=3             how many; 0 leaves the first part out
#   PYTHON=python3 FOLDER=/tmp           which Python has NumPy and scikit-learn; where 700 MB of files may lie
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
. "$home/benchmarks/peers.sh"
(cd "$home" && mvn --batch-mode --no-transfer-progress -q ${MAVEN_OPTIONS:-} -Pbenchmarks -pl benchmarks/jmh -am -DskipTests package)
rounds() {
  "${JAVA_HOME:+$JAVA_HOME/bin/}java" "$1" -XX:+UseSerialGC \
    -cp "$home/benchmarks/jmh/target/classes:$(cat "$home/benchmarks/jmh/target/class-path-of-libraries.txt")" \
    org.mien.benchmarks.ScoringRounds "${@:2}"
}
folder=${FOLDER:-${TMPDIR:-/tmp}}
if [ "${SCORES:-100000000}" != 0 ]; then
  rounds -Xmx256m stream "$folder" "${SCORES:-100000000}" "${ROUNDS:-3}"
fi
rounds -Xmx1g pairs "$folder" "${ROUNDS:-3}" "${PYTHON:-python3}" "$home/benchmarks/scoring/python_scoring.py"
