"""Training steps of a whole ResNet with a linear head in PyTorch, driven by UnfrozenRounds.

Reads lines "depth batch steps"; answers each with images a second. The first line it writes is its version.
"""
import os
import sys
import time

import torch
import torchvision

SIDE, DIMENSION, IDENTITIES = 112, 512, 100
torch.set_num_threads(int(os.environ.get("TORCH_THREADS", len(os.sched_getaffinity(0)))))  # whatever OMP_NUM_THREADS says
torch.manual_seed(1)
networks = {}
print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads", flush=True)
for line in sys.stdin:
    depth, batch, steps = map(int, line.split())
    if depth not in networks:
        model = getattr(torchvision.models, f"resnet{depth}")(weights=None)
        model.fc = torch.nn.Sequential(
            torch.nn.Linear(model.fc.in_features, DIMENSION), torch.nn.Linear(DIMENSION, IDENTITIES))
        networks[depth] = (model.train(), torch.optim.Adam(model.parameters(), lr=1e-3))
    model, optimizer = networks[depth]
    images = torch.rand(batch, 3, SIDE, SIDE) * 2 - 1
    labels = torch.arange(batch) % IDENTITIES
    start = time.perf_counter()
    for step in range(steps):
        optimizer.zero_grad(set_to_none=True)
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        loss.item()
    print(batch * steps / (time.perf_counter() - start), flush=True)
