#!/usr/bin/env bash
# ResNet-50 at 112x112 in batches of 1, 8 and 32: Mien (auto and nd4j) beside ONNX Runtime on
# torchvision's own export and PyTorch (eager, and frozen and optimised), in alternating rounds.
#   benchmarks/inference/run.sh              PYTHON (default python3) needs torch, torchvision and onnx
#   ROUNDS=9 PYTHON=python3                  how often, which Python
#   benchmarks/inference/run.sh table [FILE] latency and size of the backbones in FILE
#                                            (default benchmarks/inference/backbones.yaml)
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
. "$home/benchmarks/peers.sh"
python=${PYTHON:-python3}

(cd "$home" && mvn ${MAVEN_ARGS:-} --batch-mode --no-transfer-progress -q -Pbenchmarks -pl benchmarks/jmh -am -DskipTests package)
# As bin/mien: oneDNN on, threads that wait do not spin.
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive}
run=("${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+UseSerialGC -Djava.awt.headless=true
  -Dorg.eclipse.deeplearning4j.helpers.disable=false
  -cp "$home/benchmarks/jmh/target/classes:$(cat "$home/benchmarks/jmh/target/class-path-of-libraries.txt")")
if [ "${1:-}" = table ]; then
  exec "${run[@]}" org.mien.benchmarks.BackboneTable "${2:-$home/benchmarks/inference/backbones.yaml}"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" "$home/benchmarks/parity/make_resnet50_pth.py" "$work/resnet50.pth" >/dev/null
"$python" "$home/benchmarks/inference/torch_resnet50.py" export "$work/resnet50.pth" "$work/torchvision.onnx"
"${run[@]}" org.mien.benchmarks.InferenceRounds "$work/resnet50.pth" "$work/torchvision.onnx" "${ROUNDS:-9}" \
  "$python" "$home/benchmarks/inference/torch_resnet50.py"
