"""Holds an exclusive lock on a file for as long as this process lives: lock.py FILE, under leash.py.

Prints `busy` if another process holds it, then waits; prints `held` once it has it. The system frees the lock when the
process ends, however it ends, so nothing stale can be left behind.
"""

import os
import sys
import time


def take(file: int, wait: bool) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except OSError:
        if not wait:
            return False
        time.sleep(0.5)
        return take(file, wait)


if __name__ == "__main__":
    handle = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o644)
    if not take(handle, wait=False):
        print("busy", flush=True)
        while not take(handle, wait=True):
            pass
    print("held", flush=True)
    while True:
        time.sleep(3600)
