"""A peer of the bench: `peer.py torch|compile|keras|function`. Asked in JSON, a line each, on stdin; answers on descriptor 3.

One peer computes at a time; the bench asks them in turns.
"""

import json
import os
import resource
import sys
import time
import traceback

from examples import examples

# What is measured at once lasts so many seconds, or one step: short enough to fall between what else the machine does.
window = 0.025


def milliseconds(action, seconds):
    """How long one `action` takes, once for each window that fits into `seconds`."""
    windows = []
    end = time.perf_counter() + seconds
    while not windows or time.perf_counter() < end:
        begin = time.perf_counter()
        count, elapsed = 0, 0
        while elapsed < window:
            action()
            count += 1
            elapsed = time.perf_counter() - begin
        windows.append(elapsed / count * 1e3)
    return windows


class Case:
    """A model with a batch of a size. Made anew for each; `loaded` is the side that computes."""

    def __init__(self, loaded, model, batch):
        self.x, self.y = examples(model, batch)
        self.made = loaded.make(model, self.x, self.y, batch)
        self.batch = batch

    def first(self):
        begin = time.perf_counter()
        self.made.step()
        return (time.perf_counter() - begin) * 1e3

    def step(self, seconds):
        # What is warm after another measurement may be cold after this one's turn.
        self.made.step()
        return milliseconds(self.made.step, seconds)

    def forward(self, seconds):
        self.made.forward()
        return milliseconds(self.made.forward, seconds)

    def fit(self, steps):
        """One whole run. `step`: from the end of the first step to the end of the last; `around`: the rest."""
        ends = []
        begin = time.perf_counter()
        self.made.fit(steps, lambda: ends.append(time.perf_counter()))
        whole = time.perf_counter() - begin
        step = (ends[-1] - ends[0]) / (len(ends) - 1)
        return {"step": step * 1e3, "around": (whole - step * len(ends)) * 1e3}


def answer(loaded, cases, request):
    do = request.pop("do")
    if do == "hello":
        return loaded.hello()
    if do == "memory":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 2**20)
    if do == "make":
        batch = request["batch"]
        cases[batch] = Case(loaded, request["model"], batch)
        return cases[batch].made.parameters
    if do == "generate":
        return loaded.generate(**request)
    return getattr(cases[request.pop("batch")], do)(**request)


def main():
    name = sys.argv[1]
    if name in ("torch", "compile"):
        import torch_side as side
    else:
        import keras_side as side
    loaded = side.Side(name)
    replies = os.fdopen(3, "w", buffering=1)
    cases = {}
    for line in sys.stdin:
        try:
            reply = {"value": answer(loaded, cases, json.loads(line))}
        except Exception:
            reply = {"error": traceback.format_exc()}
        replies.write(json.dumps(reply) + "\n")


main()
