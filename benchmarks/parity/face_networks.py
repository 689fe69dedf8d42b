"""The face networks as PyTorch modules, with the names that their published files use.

IResNet: arcface_torch (conv1, bn1, prelu, layer1.0.bn1 ... features). MobileFaceNet: those of
InsightFace_Pytorch (conv1.conv ... bn), or with numbered=True those of arcface_torch at scale 1.
Neither normalises its output.
"""
import torch
from torch import nn

IRESNET_UNITS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 14, 3), 100: (3, 13, 30, 3)}


class ImprovedUnit(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv1 = nn.Conv2d(channels, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.prelu = nn.PReLU(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(width)
        if stride != 1 or channels != width:
            projection = nn.Conv2d(channels, width, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(width))
        else:
            self.downsample = nn.Identity()

    def forward(self, x):
        branch = self.prelu(self.bn2(self.conv1(self.bn1(x))))
        return self.bn3(self.conv2(branch)) + self.downsample(x)


class IResNet(nn.Module):
    def __init__(self, depth, height=112, width=112, dimension=512):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.prelu = nn.PReLU(64)
        channels = 64
        for stage, units in enumerate(IRESNET_UNITS[depth]):
            out = 64 << stage
            layers = []
            for unit in range(units):
                layers.append(ImprovedUnit(channels, out, 2 if unit == 0 else 1))
                channels = out
            setattr(self, f"layer{stage + 1}", nn.Sequential(*layers))
        self.bn2 = nn.BatchNorm2d(512)
        self.fc = nn.Linear(512 * -(-height // 16) * -(-width // 16), dimension)
        self.features = nn.BatchNorm1d(dimension)

    def forward(self, x):
        x = self.prelu(self.bn1(self.conv1(x)))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.features(self.fc(self.bn2(x).flatten(1)))


class Named(nn.Module):
    """Layers one after another under given names."""

    def __init__(self, **layers):
        super().__init__()
        self.order = list(layers)
        for name, layer in layers.items():
            setattr(self, name, layer)

    def forward(self, x):
        for name in self.order:
            x = getattr(self, name)(x)
        return x


class Plus(Named):
    def forward(self, x):
        return x + super().forward(x)


class Numbered(nn.Module):
    """The same under arcface_torch's names: layers.0, layers.1 and so on."""

    def __init__(self, *layers, residual=False):
        super().__init__()
        self.layers = nn.Sequential(*layers)
        self.residual = residual

    def forward(self, x):
        return x + self.layers(x) if self.residual else self.layers(x)


class MobileFaceNet(nn.Module):
    def __init__(self, height=112, width=112, dimension=512, numbered=False):
        super().__init__()
        self.numbered = numbered
        plane = (-(-height // 16), -(-width // 16))
        parts = [
            ("conv1", self.block(3, 64, 3, 2, 1)),
            ("conv2_dw", self.block(64, 64, 3, 1, 1, groups=64)),
            ("conv_23", self.bottleneck(64, 128, 64, 2)),
            ("conv_3", self.residuals(64, 128, 4)),
            ("conv_34", self.bottleneck(64, 256, 128, 2)),
            ("conv_4", self.residuals(128, 256, 6)),
            ("conv_45", self.bottleneck(128, 512, 128, 2)),
            ("conv_5", self.residuals(128, 256, 2)),
        ]
        last = self.block(128, 512, 1, 1, 0)
        over_plane = self.block(512, 512, plane, 1, 0, groups=512, prelu=False)
        linear = nn.Linear(512, dimension, bias=False)
        norm = nn.BatchNorm1d(dimension)
        if numbered:
            self.layers = nn.ModuleList([part for _, part in parts])
            self.conv_sep = last
            self.features = Numbered(over_plane, nn.Flatten(), linear, norm)
        else:
            for name, part in parts:
                setattr(self, name, part)
            self.conv_6_sep = last
            self.conv_6_dw = over_plane
            self.linear = linear
            self.bn = norm

    def block(self, channels, out, kernel, stride, padding, groups=1, prelu=True):
        layers = {
            "conv": nn.Conv2d(channels, out, kernel, stride, padding, groups=groups, bias=False),
            "bn": nn.BatchNorm2d(out),
        }
        if prelu:
            layers["prelu"] = nn.PReLU(out)
        return Numbered(*layers.values()) if self.numbered else Named(**layers)

    def bottleneck(self, channels, inner, out, stride, residual=False):
        layers = {
            "conv": self.block(channels, inner, 1, 1, 0),
            "conv_dw": self.block(inner, inner, 3, stride, 1, groups=inner),
            "project": self.block(inner, out, 1, 1, 0, prelu=False),
        }
        if self.numbered:
            return Numbered(*layers.values(), residual=residual)
        return (Plus if residual else Named)(**layers)

    def residuals(self, channels, inner, count):
        units = [self.bottleneck(channels, inner, channels, 1, True) for _ in range(count)]
        if self.numbered:
            return Numbered(*units)
        return Named(model=nn.Sequential(*units))

    def forward(self, x):
        if self.numbered:
            for layer in self.layers:
                x = layer(x)
            return self.features(self.conv_sep(x))
        for name in ("conv1", "conv2_dw", "conv_23", "conv_3", "conv_34", "conv_4", "conv_45"):
            x = getattr(self, name)(x)
        x = self.conv_6_dw(self.conv_6_sep(self.conv_5(x)))
        return self.bn(self.linear(x.flatten(1)))
