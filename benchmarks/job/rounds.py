"""Runs the contenders of benchmarks/job/run.sh in alternating rounds and prints medians and ratios.

    rounds.py MIEN_HOME WEIGHTS.pth FACES ROUNDS

Each is a process of its own, from its start to its saved model. "every step" is measured for one epoch; its ten are
the measured process and nine more of that epoch. Memory is the largest resident size of the main process; what the
two loader processes of PyTorch take comes on top of it.
"""
import datetime
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

EPOCHS = 10


def measured(command, folder, environment=None):
    """Runs a command to its end; returns seconds, peak resident MB, its output, and when it began."""
    began = time.time()
    with open(folder / "out.txt", "w+") as out:
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=subprocess.STDOUT,
                                   env={**os.environ, **(environment or {})})
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.time() - began
        out.seek(0)
        text = out.read()
    if process.returncode != 0:
        sys.exit(f"{command[0]} ended with {process.returncode}:\n{text[-3000:]}")
    return seconds, usage.ru_maxrss / 1024, text, began


def first_step(run, began):
    """Seconds from the start of the process until the head's training began, by the run's log."""
    for line in (run / "log.txt").read_text().splitlines():
        if "training with the engine" in line:
            stamp = datetime.datetime.strptime(line[:23], "%Y-%m-%d %H:%M:%S.%f")
            return stamp.timestamp() - began
    sys.exit(f"{run}/log.txt does not say when the training began")


def mien(home, weights, faces, work, cold):
    runs = work / "mien" / "runs"
    cache = work / "mien" / "cache"
    shutil.rmtree(runs, ignore_errors=True)
    if cold:
        shutil.rmtree(cache, ignore_errors=True)
    seconds, memory, _, began = measured(
        [str(home / "bin" / "mien"), "train", str(home / "benchmarks" / "job" / "job.yaml"),
         "--runs", str(runs),
         "--set", f"data.source.folder={faces}",
         "--set", f"model.backbone.weights={weights}",
         "--set", f"training.cacheFolder={cache}"], work)
    run, = runs.iterdir()
    return {"seconds": seconds, "memory": memory, "first": first_step(run, began)}


def torch(script, mode, weights, faces, work, epochs):
    seconds, memory, text, _ = measured([sys.executable, str(script), mode, weights, faces, str(epochs)], work)
    told = json.loads(text.strip().splitlines()[-1])
    extrapolated = seconds + (EPOCHS - epochs) * statistics.mean(told["epochSeconds"])
    return {"seconds": extrapolated, "memory": memory, "first": told["firstStep"], **told}


def main():
    home, weights, faces = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    script = home / "benchmarks" / "job" / "torch_job.py"
    results = {"mien, nothing cached": [], "mien, features cached": [], "PyTorch, every step": [],
               "PyTorch, features in memory": [], "PyTorch, features on disk": []}
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        for number in range(int(sys.argv[4])):
            contenders = {
                "mien, nothing cached": lambda: mien(home, weights, faces, work, cold=True),
                "mien, features cached": lambda: mien(home, weights, faces, work, cold=False),
                "PyTorch, every step": lambda: torch(script, "every-step", weights, faces, work, 1),
                "PyTorch, features in memory": lambda: torch(script, "cached", weights, faces, work, EPOCHS),
                "PyTorch, features on disk": lambda: torch(script, "filled", weights, faces, work, EPOCHS),
            }
            for name, run in contenders.items():
                values = run()
                results[name].append(values)
                print(f"round {number + 1}: {name}: {values['seconds']:.1f} s, "
                      f"{values['memory']:.0f} MB, training begins after {values['first']:.1f} s", flush=True)
    told = results["PyTorch, every step"][0]
    print(f"\n{told['images']} images of {told['people']} people, {EPOCHS} epochs; PyTorch {told['torch']}, "
          f"{told['threads']} threads; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print("| | seconds | training begins after s | peak resident MB | of mien, nothing cached | of mien, features cached |")
    print("|---|---|---|---|---|---|")
    for name, rounds in results.items():
        ratios = [statistics.median(other["seconds"] / own["seconds"] for other, own in zip(rounds, results[mine]))
                  for mine in ("mien, nothing cached", "mien, features cached")]
        print("| %s | %.1f | %.1f | %.0f | %.2f | %.2f |" % (
            name, *(statistics.median(values[key] for values in rounds) for key in ("seconds", "first", "memory")),
            *ratios))


if __name__ == "__main__":
    main()
