"""Runs a module as `python -m` does, or a script, but ends when the process that started it is gone.

leash.py (-m MODULE | SCRIPT) [ARGUMENT…]: standard input is the leash. Whoever starts this holds the other end of that pipe
and never writes to it; the system closes it with its holder, even after `kill -9`.
"""

import os
import runpy
import signal
import sys
import threading


def children() -> "list[int]":
    """What this process has started; nothing where the system does not say (outside Linux)."""
    found = []
    try:
        for task in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{task}/children") as file:
                found += [int(child) for child in file.read().split()]
    except OSError:
        pass
    return found


def watch(leash: int) -> None:
    while os.read(leash, 1024):
        pass
    # ensurepip runs pip as a process of its own, which would go on writing where the next run removes.
    for process in [*children(), os.getpid()]:
        try:
            os.kill(process, signal.SIGTERM)
        except ProcessLookupError:
            pass


if __name__ == "__main__":
    leash = os.dup(0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    threading.Thread(target=watch, args=(leash,), daemon=True).start()
    del sys.argv[0]
    if sys.argv[0] == "-m":
        del sys.argv[0]
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(sys.argv[0], run_name="__main__")
