"""PyTorch's part of benchmarks/inference/run.sh.

    torch_resnet50.py export WEIGHTS.pth NETWORK.onnx   torchvision's network as torch.onnx writes it
    torch_resnet50.py serve WEIGHTS.pth                 reads "eager 8 2" a line (mode, batch, repeats),
                                                        answers with the seconds

Modes: eager; frozen, which is jit.trace, jit.freeze and optimize_for_inference; both on every processor, for
PyTorch by itself may choose fewer; and frozen1, on one thread.
"""
import os
import sys
import time
import warnings

import torch
import torchvision

warnings.filterwarnings("ignore")
SIDE = 112


def network(weights):
    model = torchvision.models.resnet50(weights=None)
    model.load_state_dict(torch.load(weights))
    model.fc = torch.nn.Identity()
    return model.eval()


def export(weights, target):
    torch.onnx.export(network(weights), torch.randn(1, 3, SIDE, SIDE), target, opset_version=13,
                      input_names=["images"], output_names=["features"],
                      dynamic_axes={"images": {0: "batch"}, "features": {0: "batch"}})


def serve(weights):
    eager = network(weights)
    with torch.no_grad():
        traced = torch.jit.trace(network(weights), torch.randn(8, 3, SIDE, SIDE))
        frozen = torch.jit.optimize_for_inference(torch.jit.freeze(traced))
        models = {"eager": eager, "frozen": frozen, "frozen1": frozen}
        processors = len(os.sched_getaffinity(0))
        print("PyTorch %s, %d threads (%d by itself), MKL-DNN %s" % (
            torch.__version__, processors, torch.get_num_threads(), torch.backends.mkldnn.is_available()), flush=True)
        for line in sys.stdin:
            mode, batch, repeats = line.split()
            torch.set_num_threads(1 if mode == "frozen1" else processors)
            images = torch.randn(int(batch), 3, SIDE, SIDE)
            began = time.perf_counter()
            for _ in range(int(repeats)):
                models[mode](images)
            print(time.perf_counter() - began, flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "export":
        export(sys.argv[2], sys.argv[3])
    else:
        serve(sys.argv[2])
