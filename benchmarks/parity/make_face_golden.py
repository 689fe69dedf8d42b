"""Writes what FaceNetworkParityTest compares with: outputs and lists of tensors.

    python3 benchmarks/parity/make_face_golden.py modules/model/src/test/resources/org/mien/model/backbone

NAME.f32: output vectors of two images, big-endian 32-bit floats. NAME.tensors: one line a tensor of
the state dictionary, its name and its sides. parameters.tsv: number of parameters by PyTorch's count.
"""
import pathlib
import sys

import torch

import dlib_forward
import face_networks
import resnet_formula

# Sides that are no multiple of 16, and not equal.
HEIGHT, WIDTH = 36, 50
# dlib's network needs more; one side is padded where the other is not.
DLIB_SIDES = (104, 125)

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)


def write(name, model):
    model.eval()
    lines = []
    for tensor_name, tensor in model.state_dict().items():
        lines.append(" ".join([tensor_name, *map(str, tensor.shape)]))
        if tensor.dim() > 0:
            tensor.copy_(resnet_formula.values(tensor_name, tuple(tensor.shape)))
    (folder / f"{name}.tensors").write_text("\n".join(lines) + "\n")
    with torch.no_grad():
        output = model(resnet_formula.images(2, HEIGHT, WIDTH))
    output.numpy().astype(">f4").tofile(folder / f"{name}.f32")
    print(name, tuple(output.shape), "mean", output.mean().item(), "std", output.std().item())


write("iresnet18", face_networks.IResNet(18, HEIGHT, WIDTH))
write("mobilefacenet", face_networks.MobileFaceNet(HEIGHT, WIDTH, 128))
write("mobilefacenet-numbered", face_networks.MobileFaceNet(HEIGHT, WIDTH, 128, numbered=True))


def write_dlib():
    """Tensors as face-api.js names and lays them out; the formula is that of PyTorch's layout."""
    tensors, lines = {}, []
    for name, shape in dlib_forward.SHAPES.items():
        lines.append(" ".join([name, *map(str, shape)]))
        formula_name = name.replace("/scale/weights", "/scale/weight")
        if len(shape) == 4:
            torch_shape = (shape[3], shape[2], shape[0], shape[1])
            tensors[name] = resnet_formula.values(formula_name, torch_shape).permute(2, 3, 1, 0)
        elif len(shape) == 2:
            tensors[name] = resnet_formula.values(formula_name, shape[::-1]).t()
        else:
            tensors[name] = resnet_formula.values(formula_name, shape)
    (folder / "dlib-resnet29.tensors").write_text("\n".join(lines) + "\n")
    output = dlib_forward.forward(tensors, resnet_formula.images(2, *DLIB_SIDES))
    output.numpy().astype(">f4").tofile(folder / "dlib-resnet29.f32")
    print("dlib-resnet29", tuple(output.shape), "std", output.std().item())


write_dlib()
counted = {f"iresnet{depth}": face_networks.IResNet(depth) for depth in face_networks.IRESNET_UNITS}
counted["mobilefacenet-128"] = face_networks.MobileFaceNet(dimension=128)
counted["mobilefacenet-512"] = face_networks.MobileFaceNet(dimension=512)
rows = [f"{name}\t{sum(p.numel() for p in m.parameters())}" for name, m in counted.items()]
(folder / "parameters.tsv").write_text("\n".join(rows) + "\n")
print("\n".join(rows))
