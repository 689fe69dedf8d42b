"""Writes the feature vectors for TorchNetsParityTest: big-endian 32-bit floats, image by image.

    python3 benchmarks/parity/make_torchnets_golden.py modules/model/src/test/resources/org/mien/model/backbone

VGG and GoogLeNet are torchvision's own. SE-ResNet-50 and Inception-ResNet v1 are not in torchvision:
they are defined here, after their papers and with the names and settings of the published layouts
(pretrained-models and facenet-pytorch), so they show that two independent definitions agree, not that
published weights were read. Made with torch 1.13 and torchvision 0.14; others differ in the last bits.
The numbers of parameters and multiply-adds are printed; BackboneSizeTest states them.
"""
import pathlib
import sys
import warnings

import torch
import torchvision
from torch import nn
from torchvision.models.vgg import VGG, make_layers

import resnet_formula

IMAGES = 2


class ConvNormRelu(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride=1, padding=0):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(outputs, eps=1e-3)

    def forward(self, x):
        return torch.relu(self.bn(self.conv(x)))


class Gate(nn.Module):
    """Squeeze and excitation: every plane times a number in (0, 1)."""

    def __init__(self, planes):
        super().__init__()
        self.fc1 = nn.Conv2d(planes, planes // 16, 1)
        self.fc2 = nn.Conv2d(planes // 16, planes, 1)

    def forward(self, x):
        mean = x.mean((2, 3), keepdim=True)
        return x * torch.sigmoid(self.fc2(torch.relu(self.fc1(mean))))


class SeBottleneck(nn.Module):
    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 1, stride, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.se_module = Gate(4 * width)
        self.downsample = None
        if stride != 1 or inputs != 4 * width:
            projection = nn.Conv2d(inputs, 4 * width, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(4 * width))

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = torch.relu(self.bn2(self.conv2(y)))
        y = self.se_module(self.bn3(self.conv3(y)))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class SeResNet50(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer0 = nn.Sequential()
        self.layer0.add_module("conv1", nn.Conv2d(3, 64, 7, 2, 3, bias=False))
        self.layer0.add_module("bn1", nn.BatchNorm2d(64))
        self.layer0.add_module("relu1", nn.ReLU())
        self.layer0.add_module("pool", nn.MaxPool2d(3, 2, ceil_mode=True))
        inputs = 64
        for stage, blocks in enumerate((3, 4, 6, 3)):
            layers = []
            for block in range(blocks):
                width = 64 << stage
                layers.append(SeBottleneck(inputs, width, 2 if stage and not block else 1))
                inputs = 4 * width
            self.add_module(f"layer{stage + 1}", nn.Sequential(*layers))

    def forward(self, x):
        for stage in range(5):
            x = getattr(self, f"layer{stage}")(x)
        return x.mean((2, 3))


class Residual(nn.Module):
    """relu(x + scale * (1x1 convolution of the joined branches))."""

    def __init__(self, planes, joined, scale, branches, last=False):
        super().__init__()
        for number, branch in enumerate(branches):
            self.add_module(f"branch{number}", branch)
        self.branches = len(branches)
        self.conv2d = nn.Conv2d(joined, planes, 1)
        self.scale = scale
        self.last = last

    def forward(self, x):
        outputs = [getattr(self, f"branch{i}")(x) for i in range(self.branches)]
        y = x + self.scale * self.conv2d(torch.cat(outputs, 1))
        return y if self.last else torch.relu(y)


class Reduction(nn.Module):
    def __init__(self, *branches):
        super().__init__()
        self.branches = len(branches)
        for number, branch in enumerate(branches):
            self.add_module(f"branch{number}", branch)

    def forward(self, x):
        return torch.cat([getattr(self, f"branch{i}")(x) for i in range(self.branches)], 1)


def block35():
    return Residual(
        256,
        96,
        0.17,
        [
            ConvNormRelu(256, 32, 1),
            nn.Sequential(ConvNormRelu(256, 32, 1), ConvNormRelu(32, 32, 3, 1, 1)),
            nn.Sequential(
                ConvNormRelu(256, 32, 1), ConvNormRelu(32, 32, 3, 1, 1), ConvNormRelu(32, 32, 3, 1, 1)
            ),
        ],
    )


def cross(planes, width, length):
    return nn.Sequential(
        ConvNormRelu(planes, width, 1),
        ConvNormRelu(width, width, (1, length), 1, (0, length // 2)),
        ConvNormRelu(width, width, (length, 1), 1, (length // 2, 0)),
    )


def block17():
    return Residual(896, 256, 0.10, [ConvNormRelu(896, 128, 1), cross(896, 128, 7)])


def block8(scale=0.20, last=False):
    return Residual(1792, 384, scale, [ConvNormRelu(1792, 192, 1), cross(1792, 192, 3)], last)


class InceptionResNetV1(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv2d_1a = ConvNormRelu(3, 32, 3, 2)
        self.conv2d_2a = ConvNormRelu(32, 32, 3)
        self.conv2d_2b = ConvNormRelu(32, 64, 3, 1, 1)
        self.conv2d_3b = ConvNormRelu(64, 80, 1)
        self.conv2d_4a = ConvNormRelu(80, 192, 3)
        self.conv2d_4b = ConvNormRelu(192, 256, 3, 2)
        self.repeat_1 = nn.Sequential(*[block35() for _ in range(5)])
        self.mixed_6a = Reduction(
            ConvNormRelu(256, 384, 3, 2),
            nn.Sequential(
                ConvNormRelu(256, 192, 1), ConvNormRelu(192, 192, 3, 1, 1), ConvNormRelu(192, 256, 3, 2)
            ),
            nn.MaxPool2d(3, 2),
        )
        self.repeat_2 = nn.Sequential(*[block17() for _ in range(10)])
        self.mixed_7a = Reduction(
            nn.Sequential(ConvNormRelu(896, 256, 1), ConvNormRelu(256, 384, 3, 2)),
            nn.Sequential(ConvNormRelu(896, 256, 1), ConvNormRelu(256, 256, 3, 2)),
            nn.Sequential(
                ConvNormRelu(896, 256, 1), ConvNormRelu(256, 256, 3, 1, 1), ConvNormRelu(256, 256, 3, 2)
            ),
            nn.MaxPool2d(3, 2),
        )
        self.repeat_3 = nn.Sequential(*[block8() for _ in range(5)])
        self.block8 = block8(scale=1.0, last=True)
        self.last_linear = nn.Linear(1792, 512, bias=False)
        self.last_bn = nn.BatchNorm1d(512, eps=1e-3)

    def forward(self, x):
        x = self.conv2d_2b(self.conv2d_2a(self.conv2d_1a(x)))
        x = nn.functional.max_pool2d(x, 3, 2)
        x = self.conv2d_4b(self.conv2d_4a(self.conv2d_3b(x)))
        x = self.repeat_2(self.mixed_6a(self.repeat_1(x)))
        x = self.block8(self.repeat_3(self.mixed_7a(x)))
        return self.last_bn(self.last_linear(x.mean((2, 3))))


def fill(model):
    for name, tensor in model.state_dict().items():
        if not name.endswith("num_batches_tracked"):
            tensor.copy_(resnet_formula.values(name, tuple(tensor.shape)))
    return model.eval()


def pooled(name):
    model = getattr(torchvision.models, name)(weights=None, init_weights=False)
    print(name, "parameters", sum(p.numel() for p in model.parameters()))
    model.classifier = nn.Identity()
    fill(model)
    return lambda x: model.features(x).mean((2, 3))


def narrow_fc7():
    """VGG-11 with a sixteenth of the channels, up to the second ReLU of the classifier."""
    widths = [4, "M", 8, "M", 16, 16, "M", 32, 32, "M", 32, 32, "M"]
    model = VGG(make_layers(widths), init_weights=False)
    model.classifier[0] = nn.Linear(32 * 7 * 7, 256)
    model.classifier[3] = nn.Linear(256, 256)
    model.classifier = model.classifier[:5]
    return fill(model)


def googlenet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = torchvision.models.googlenet(weights=None, aux_logits=False, init_weights=False)
    print("googlenet parameters", sum(p.numel() for p in model.parameters()))
    model.fc = nn.Identity()
    return fill(model)


def multiply_adds(model, side):
    """Of convolutions and matrices, for one image."""
    total = 0

    def count(layer, _, output):
        nonlocal total
        weight = layer.weight
        total += weight.numel() * (output[0, 0].numel() if weight.dim() == 4 else 1)

    layers = [m for m in model.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    with torch.no_grad():
        model.eval()(torch.zeros(1, 3, side, side))
    for hook in hooks:
        hook.remove()
    return total


def counted(model, side):
    parameters = sum(p.numel() for p in model.parameters())
    print(type(model).__name__, "parameters", parameters, "multiply-adds", multiply_adds(model, side))
    return fill(model)


# Odd sides, so that rounding in strides and padding shows.
CASES = {
    "vgg11": (lambda: pooled("vgg11"), 75, 61),
    "vgg16_bn": (lambda: pooled("vgg16_bn"), 64, 48),
    "vgg11-narrow-fc7": (narrow_fc7, 224, 224),
    "googlenet": (googlenet, 75, 61),
    "se_resnet50": (lambda: counted(SeResNet50(), 224), 75, 61),
    "inception_resnet_v1": (lambda: counted(InceptionResNetV1(), 160), 80, 91),
}

torch.set_num_threads(1)
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for name, (make, height, width) in CASES.items():
    model = make()
    with torch.no_grad():
        features = model(resnet_formula.images(IMAGES, height, width))
    features.numpy().astype(">f4").tofile(folder / f"{name}-{height}x{width}.f32")
    print(name, tuple(features.shape), "mean", features.mean().item(), "std", features.std().item())
