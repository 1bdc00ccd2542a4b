"""Measures the kernels of a JSON file side by side and prints one JSON object. `run.py kernels.json [soak]`"""

import json
import sys

import measures
from kernels import Spec, say


def again(ours, measure, *args):
    """What `measure` gives. tslab now and then never replies: then everything that was to be measured is measured once more."""
    for _ in range(3):
        try:
            return measure(*args)
        except TimeoutError as error:
            if f" {ours.name} " in str(error):
                raise
            say(f"{error}: once more")
    return measure(*args)


def main():
    with open(sys.argv[1]) as file:
        specs = [Spec(**entry) for entry in json.load(file)]
    ours = specs[0]
    result = {"start": {spec.name: [] for spec in specs}, "lines": {spec.name: [] for spec in specs}}
    if "soak" in sys.argv[2:]:
        print(json.dumps({"soak": measures.soak(ours)}))
        return
    # One after the other and again: what the machine does besides hits all of them.
    for turn in range(7):
        for spec in specs:
            result["start"][spec.name].append(again(ours, measures.start, spec))
        say(f"start, round {turn + 1} of 7")
    result["library"] = [measures.library(ours) for _ in range(3)]
    say(f"first import of the library: {result['library']}")
    result["warm"] = again(ours, measures.warm, specs)
    say(f"warm cells: {result['warm']}")
    for _ in range(3):
        for spec in specs:
            result["lines"][spec.name].append(again(ours, measures.lines, spec, 20_000, 20))
    say(f"20,000 lines: {result['lines']}")
    result["flood"] = measures.lines(ours, 2_000_000, 300)
    say(f"2,000,000 lines: {result['flood']}")
    result["meanwhile"] = measures.meanwhile(ours)
    say(f"while a cell runs: {result['meanwhile']}")
    result["interrupts"] = {spec.name: measures.interrupts(spec) for spec in specs if spec.name in ("nabla", "ipykernel")}
    say(f"interrupts: {result['interrupts']}")
    print(json.dumps(result))


main()
