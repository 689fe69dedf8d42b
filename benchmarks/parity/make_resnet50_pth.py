"""Writes a full ResNet-50 with random weights and statistics as torchvision would save it.

    python3 benchmarks/parity/make_resnet50_pth.py resnet50.pth

Beside it: resnet50.pth.input.f32 (2 x 3 x 112 x 112) and resnet50.pth.features.f32 (2 x 2048),
big-endian 32-bit floats, for a comparison of the whole way from file to features.
"""
import sys

import torch
import torchvision

torch.manual_seed(1)
model = torchvision.models.resnet50(weights=None).eval()
for name, tensor in model.state_dict().items():
    if name.endswith("running_mean"):
        tensor.normal_(0, 0.1)
    elif name.endswith("running_var"):
        tensor.uniform_(0.5, 1.5)
    elif tensor.dim() == 1 and name.endswith("weight") and not name.startswith("fc."):
        tensor.uniform_(0.3, 0.7)
    elif name.endswith("bias") and not name.startswith("fc."):
        tensor.normal_(0, 0.1)
torch.save(model.state_dict(), sys.argv[1])
images = torch.randn(2, 3, 112, 112)
model.fc = torch.nn.Identity()
with torch.no_grad():
    features = model(images)
images.numpy().astype(">f4").tofile(sys.argv[1] + ".input.f32")
features.numpy().astype(">f4").tofile(sys.argv[1] + ".features.f32")
print(tuple(features.shape), "std", features.std().item())
