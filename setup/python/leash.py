"""Runs a module as `python -m` does, or a script, but ends when the process that started it is gone.

leash.py (-m MODULE | SCRIPT) [ARGUMENT…]: standard input is the leash. Whoever starts this holds the other end of that pipe
and never writes to it; the system closes it with its holder, even after `kill -9`.
"""

import os
import runpy
import signal
import sys
import threading


def watch(leash: int) -> None:
    while os.read(leash, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


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
