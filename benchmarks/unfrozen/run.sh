#!/usr/bin/env bash
# Training with nothing frozen: steps of ResNet-18 and ResNet-50 at 112x112, batch 32, Adam. Mien (Deeplearning4j with
# oneDNN), as one network and as two that share each batch, beside PyTorch in alternating rounds; prints medians and ratios.
#   ROUNDS=5 PYTHON=/usr/bin/python3 benchmarks/unfrozen/run.sh
#   TORCH_WAIT_POLICY=passive            lets PyTorch yield between operations: fairer beside other work
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
. "$home/benchmarks/peers.sh"
(cd "$home" && mvn ${MAVEN_ARGS:-} --batch-mode --no-transfer-progress -q -Pbenchmarks -pl benchmarks/jmh -am -DskipTests package)
export OMP_WAIT_POLICY=passive # as bin/mien sets it; PyTorch is started without
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+UseSerialGC -cp \
  "$home/benchmarks/jmh/target/classes:$(cat "$home/benchmarks/jmh/target/class-path-of-libraries.txt")" \
  org.mien.benchmarks.UnfrozenRounds "${ROUNDS:-5}" "${PYTHON:-python3}" "$home/benchmarks/unfrozen/torch_unfrozen.py"
