#!/usr/bin/env bash
# The whole job, from the start of a process to its saved model: a head of 512 on a frozen ResNet-50 at 112x112, the
# people of LFW with ten images or more, batch 32, 10 epochs, Adam 1e-3, cross-entropy. Mien beside PyTorch with the
# backbone in every step, and beside PyTorch with features in memory or on disk, in alternating rounds.
#   MIEN_DATA=../shared benchmarks/job/run.sh
#   ROUNDS=3 PYTHON=/usr/bin/python3     how often, which Python (torch, torchvision and Pillow)
#   TORCH_THREADS=2                      of PyTorch, instead of its own choice
#   PEOPLE=12                            only so many people, to see whether it runs
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
. "$home/benchmarks/peers.sh"
python=${PYTHON:-python3}
lfw=$(cd "${MIEN_DATA:?the folder of data sets}/data/lfw/lfw-deepfunneled" && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Builds if need be, and unpacks the natives: neither is measured.
"$home/bin/mien" doctor

mkdir "$work/faces"
people=0
for folder in "$lfw"/*/; do
  images=("$folder"*.jpg)
  if [ "${#images[@]}" -ge 10 ] && [ "$people" -lt "${PEOPLE:-1000000}" ]; then
    cp -r "$folder" "$work/faces/"
    people=$((people + 1))
  fi
done
"$python" "$home/benchmarks/parity/make_resnet50_pth.py" "$work/resnet50.pth" >/dev/null
"$python" "$home/benchmarks/job/rounds.py" "$home" "$work/resnet50.pth" "$work/faces" "${ROUNDS:-3}"
