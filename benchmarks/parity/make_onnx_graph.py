"""Writes the small ONNX file that OnnxGraphImportTest rebuilds, as PyTorch's own exporter makes it.

    python3 benchmarks/parity/make_onnx_graph.py modules/model/src/test/resources/org/mien/model/backbone

It has what exporters of face networks write and what the field's files are made of: a convolution in
groups, depthwise ones with a multiplier, padding of unequal width, PReLU of two kinds, batch
normalisation on planes and vectors, pooling with padding, a matrix product with and without bias,
arithmetic with constants, and a shape computed at run time.
"""
import pathlib
import sys

import torch
from torch import nn


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, 2, 1)
        self.prelu = nn.PReLU(8)
        self.first_norm = nn.BatchNorm2d(8)
        self.grouped = nn.Conv2d(8, 12, 3, 1, 1, groups=4, bias=False)
        self.one_slope = nn.PReLU(1)
        self.depthwise = nn.Conv2d(12, 24, 3, 1, (2, 1), dilation=(2, 1), groups=12)
        self.pool = nn.MaxPool2d(3, 2, 1)
        self.mean = nn.AvgPool2d(3, 1, 1, count_include_pad=False)
        self.planes = nn.Parameter(torch.randn(24, 1, 1))
        self.gate = nn.Conv2d(24, 24, 1)
        self.linear = nn.Linear(48 * 20, 10)
        self.matrix = nn.Parameter(torch.randn(10, 6) / 3)
        self.offset = nn.Parameter(torch.randn(6))
        self.norm = nn.BatchNorm1d(6)

    def forward(self, x):
        x = (x - 0.1) * 0.9
        x = self.first_norm(self.prelu(self.conv(x)))
        x = self.one_slope(self.grouped(x))
        x = self.pool(nn.functional.relu6(self.depthwise(x) * 2))
        y = self.mean(x) * self.planes
        y = y * torch.sigmoid(self.gate(x)) - x
        y = torch.sigmoid(self.gate(y.mean((2, 3), keepdim=True))) * y
        x = torch.cat([x, nn.functional.leaky_relu(y, 0.2)], 1)
        x = self.linear(x.view(x.size(0), -1))
        return self.norm(torch.relu(x) @ self.matrix + self.offset) / 2


torch.manual_seed(3)
model = Small().eval()
for name, tensor in model.state_dict().items():
    if name.endswith("running_mean"):
        tensor.normal_(0, 0.2)
    elif name.endswith("running_var"):
        tensor.uniform_(0.5, 1.5)
    elif "norm" in name and tensor.dim() == 1:
        tensor.uniform_(0.5, 1.5)
target = pathlib.Path(sys.argv[1]) / "small-graph.onnx"
torch.onnx.export(
    model,
    torch.zeros(2, 3, 18, 16),
    str(target),
    opset_version=12,
    # So that constants on their way through Unsqueeze and Cast are there too.
    do_constant_folding=False,
    input_names=["input"],
    output_names=["output"],
    dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}},
)
print(target.stat().st_size)
