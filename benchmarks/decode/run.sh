#!/usr/bin/env bash
# JPEG in memory to a 112x112 network input: Mien beside OpenCV's decoder alone, DataVec, Java's ImageIO and
# Pillow, on one thread and on all, in alternating rounds; prints a table with ratios.
#   benchmarks/decode/run.sh [FOLDER_OF_JPEGS]   default: data/lfw/lfw-deepfunneled under MIEN_DATA or ../shared
#   ROUNDS=21 COUNT=300 PYTHON=python3           how often, how many images, which Python has Pillow
#   JMH=1                                        JMH's figures of each alone instead
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
folder=${1:-${MIEN_DATA:-$home/../shared}/data/lfw/lfw-deepfunneled}
[ -d "$folder" ] || { echo "run.sh: no folder $folder" >&2; exit 2; }

(cd "$home" && mvn --batch-mode --no-transfer-progress -q -Pbenchmarks -pl benchmarks/jmh -am -DskipTests package)
run=("${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+UseSerialGC -Djava.awt.headless=true
  -cp "$home/benchmarks/jmh/target/classes:$(cat "$home/benchmarks/jmh/target/class-path-of-libraries.txt")")
# Or glibc gives large blocks back to the system after each image, and Pillow spends most of its time in page
# faults: 2.2 ms an image instead of 0.55 on one machine.
export MALLOC_TRIM_THRESHOLD_=268435456 MALLOC_MMAP_THRESHOLD_=268435456
if [ -n "${JMH:-}" ]; then
  exec "${run[@]}" org.openjdk.jmh.Main DecodeBenchmark -p "images=$folder"
fi
exec "${run[@]}" org.mien.benchmarks.DecodeRounds \
  "$folder" "${COUNT:-300}" "${ROUNDS:-21}" "${PYTHON:-python3}" "$home/benchmarks/decode/pillow_decode.py"
