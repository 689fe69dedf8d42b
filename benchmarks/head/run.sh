#!/usr/bin/env bash
# One training step of a linear head 2048 -> 512 -> C with Adam on features in memory: Mien's fused engine, Mien's
# graph engine (Deeplearning4j) and PyTorch in alternating rounds; prints medians, ratios and their geometric mean.
#   ROUNDS=7 PYTHON=/usr/bin/python3 benchmarks/head/run.sh
#   TORCH_WAIT_POLICY=passive               lets PyTorch yield between operations: fairer beside other work
#   TORCH_THREADS=1 TORCH_BLAS=pthread      PyTorch's own threads, and which of Debian's OpenBLAS it multiplies with
#   taskset -c 0 benchmarks/head/run.sh     one thread each
#   SAMPLED=1000000 benchmarks/head/run.sh    instead: a head of so many identities, a sample of 1 % a step
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
. "$home/benchmarks/peers.sh"
(cd "$home" && mvn ${MAVEN_ARGS:-} --batch-mode --no-transfer-progress -q -Pbenchmarks -pl benchmarks/jmh -am -DskipTests package)
run=("${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx"${HEAP:-2g}" -XX:+UseSerialGC -Dorg.bytedeco.javacpp.maxBytes=0
  -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -cp
  "$home/benchmarks/jmh/target/classes:$(cat "$home/benchmarks/jmh/target/class-path-of-libraries.txt")")
export OMP_WAIT_POLICY=passive # as bin/mien sets it; PyTorch is started without
if [ -n "${SAMPLED:-}" ]; then
  exec "${run[@]}" org.mien.benchmarks.SampledHead "$SAMPLED" "${SHARE:-0.01}" "${OPTIMIZER:-sgd}"
fi
exec "${run[@]}" org.mien.benchmarks.HeadRounds "${ROUNDS:-7}" "${PYTHON:-python3}" "$home/benchmarks/head/torch_head.py"
