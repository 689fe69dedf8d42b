"""One training step of a head 2048 -> 512 -> C on cached features in PyTorch, driven by HeadRounds.

Reads lines "batch identities steps"; answers each with samples a second. The first line it writes is its version.
"""
import os
import re
import sys
import time

import torch

FEATURES, DIMENSION, ROWS = 2048, 512, 4096
torch.set_num_threads(int(os.environ.get("TORCH_THREADS", len(os.sched_getaffinity(0)))))  # whatever OMP_NUM_THREADS says
torch.manual_seed(1)
features = torch.randn(ROWS, FEATURES)
tasks = {}
blas = sorted(set(re.findall(r"/(openblas-[a-z]+)/", open("/proc/self/maps").read())))
print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads, {' '.join(blas) or 'unknown BLAS'}", flush=True)
for line in sys.stdin:
    batch, identities, steps = map(int, line.split())
    if (batch, identities) not in tasks:
        head = torch.nn.Sequential(torch.nn.Linear(FEATURES, DIMENSION), torch.nn.Linear(DIMENSION, identities))
        tasks[batch, identities] = (head, torch.optim.Adam(head.parameters(), lr=1e-3))
    head, optimizer = tasks[batch, identities]
    labels = torch.arange(ROWS) % identities
    order = torch.randperm(ROWS)
    start = time.perf_counter()
    for step in range(steps):
        rows = order[(step * batch) % (ROWS - batch):][:batch]
        optimizer.zero_grad(set_to_none=True)
        loss = torch.nn.functional.cross_entropy(head(features[rows]), labels[rows])
        loss.backward()
        optimizer.step()
        loss.item()
    print(batch * steps / (time.perf_counter() - start), flush=True)
