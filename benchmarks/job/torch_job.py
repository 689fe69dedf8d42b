"""PyTorch's part of benchmarks/job/run.sh: a head of 512 on a frozen ResNet-50, from files to a saved head.

    torch_job.py every-step WEIGHTS.pth FACES [EPOCHS]   the backbone runs in every step, as most scripts do it
    torch_job.py cached WEIGHTS.pth FACES [EPOCHS]       the backbone runs once an image, its features stay in memory
    torch_job.py filled WEIGHTS.pth FACES [EPOCHS]       the features of an earlier "cached" lie in WEIGHTS.pth.features

FACES holds one folder a person. Images are decoded by Pillow, cropped to the middle half and resized to 112x112 by
two processes of a DataLoader. Batches of 32, Adam 1e-3, cross-entropy over people. Prints, as JSON: seconds of each
epoch, seconds until the first step was done, images, people, the last mean loss.
"""
import json
import os
import sys
import time

BEGAN = time.time()

import torch
import torchvision
from torchvision import transforms

BATCH = 32
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def data(folder, shuffle):
    steps = transforms.Compose([
        transforms.CenterCrop(125),
        transforms.Resize((112, 112)),
        transforms.ToTensor(),
        transforms.Normalize(MEAN, STD),
    ])
    images = torchvision.datasets.ImageFolder(folder, steps)
    return torch.utils.data.DataLoader(images, BATCH, shuffle=shuffle, num_workers=2), images


def network(weights, people):
    model = torchvision.models.resnet50(weights=None)
    model.load_state_dict(torch.load(weights))
    for parameter in model.parameters():
        parameter.requires_grad = False
    model.fc = torch.nn.Sequential(torch.nn.Linear(2048, 512), torch.nn.Linear(512, people))
    # Batch normalisation keeps its statistics, or the backbone would not be frozen.
    return model.eval()


def train(step, batches, optimizer, epochs):
    seconds, first, mean = [], None, None
    for _ in range(epochs):
        began = time.time()
        total, count = 0.0, 0
        for inputs, labels in batches():
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(step(inputs), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(labels)
            count += len(labels)
            first = first or time.time() - BEGAN
        seconds.append(time.time() - began)
        mean = total / count
    return seconds, first, mean


def main():
    mode, weights, folder = sys.argv[1:4]
    epochs = int(sys.argv[4]) if len(sys.argv) > 4 else 10
    if "TORCH_THREADS" in os.environ:
        torch.set_num_threads(int(os.environ["TORCH_THREADS"]))
    torch.manual_seed(1)
    loader, images = data(folder, shuffle=mode == "every-step")
    model = network(weights, len(images.classes))
    optimizer = torch.optim.Adam(model.fc.parameters(), lr=1e-3)
    if mode == "every-step":
        result = train(model, lambda: loader, optimizer, epochs)
    else:
        head, model.fc = model.fc, torch.nn.Identity()
        if mode == "filled":
            features = torch.load(weights + ".features")
        else:
            with torch.no_grad():
                features = torch.cat([model(batch) for batch, _ in loader])
            torch.save(features, weights + ".features")
        labels = torch.tensor(images.targets)

        def batches():
            for rows in torch.randperm(len(labels)).split(BATCH):
                yield features[rows], labels[rows]
        result = train(head, batches, optimizer, epochs)
        model.fc = head
    torch.save(model.state_dict(), sys.argv[1] + ".pth")
    seconds, first, loss = result
    print(json.dumps({"epochSeconds": seconds, "firstStep": first, "images": len(images),
                      "people": len(images.classes), "loss": loss, "torch": torch.__version__,
                      "threads": torch.get_num_threads()}))


if __name__ == "__main__":
    main()
