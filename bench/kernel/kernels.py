"""The kernels under test: how each is started, and the same small programs in its language."""

import os
import queue
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field

import psutil
from jupyter_client import BlockingKernelClient
from jupyter_client.connect import write_connection_file


@dataclass
class Spec:
    """One kernel. `{connection_file}` in `argv` stands for the file's path."""

    name: str
    argv: list
    python: bool = False
    env: dict = field(default_factory=dict)

    def cell(self, n):
        """A small cell with a type, a loop and a reference to the cell before it."""
        if self.python:
            before = f" + a{n - 1}" if n > 0 else ""
            return f"a{n}: int = sum(v * {n} for v in [1, 2, 3]){before}\na{n}"
        before = f" + a{n - 1}" if n > 0 else ""
        return f"const a{n}: number = [1, 2, 3].map((v) => v * {n}).reduce((s, v) => s + v, 0){before};\na{n}"

    def lines(self, count):
        if self.python:
            return f"for i in range({count}): print('line', i)"
        return f"for (let i = 0; i < {count}; i++) console.log('line', i)"


class Running:
    """A started kernel and a client that is connected to it."""

    def __init__(self, spec):
        self.name = spec.name
        self.folder = tempfile.TemporaryDirectory(prefix="nabla-bench-")
        file = os.path.join(self.folder.name, "connection.json")
        # tslab takes no unsigned messages.
        write_connection_file(file, ip="127.0.0.1", key=uuid.uuid4().hex.encode())
        self.client = BlockingKernelClient(connection_file=file)
        self.client.load_connection_file()
        # The default asks again only every 100 ms whether the kernel listens: too coarse for what is measured here.
        self.client.context.reconnect_ivl = 2
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            [part.replace("{connection_file}", file) for part in spec.argv],
            cwd=self.folder.name,
            env={**os.environ, **spec.env},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.client.start_channels(hb=False)

    def since_start(self):
        return time.perf_counter() - self.started

    def reply(self, message_id, timeout=120):
        deadline = time.monotonic() + timeout
        while True:
            try:
                message = self.client.get_shell_msg(timeout=max(0.001, deadline - time.monotonic()))
            except queue.Empty:
                raise TimeoutError(f"expected {self.name} to reply within {timeout} s") from None
            if message["parent_header"].get("msg_id") == message_id:
                return message

    def run(self, code, timeout=120):
        """Seconds from the request to its reply, and the reply's content."""
        begin = time.perf_counter()
        content = self.reply(self.client.execute(code, allow_stdin=False), timeout)["content"]
        return time.perf_counter() - begin, content

    def drain(self):
        """Forgets what came on iopub so far."""
        while self.client.iopub_channel.msg_ready():
            self.client.get_iopub_msg(timeout=1)

    def until_idle(self, message_id, see=lambda message: None, timeout=120):
        """Gives `see` every message of a request on iopub, until its idle. False if the time is over."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            try:
                message = self.client.get_iopub_msg(timeout=max(0.001, deadline - time.monotonic()))
            except Exception:
                return False
            if message["parent_header"].get("msg_id") != message_id:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return True
            see(message)
        return False

    def interrupt(self):
        """`interrupt_request` on control."""
        request = self.client.session.msg("interrupt_request", {})
        self.client.control_channel.send(request)

    def memory(self, what="VmRSS"):
        """Resident memory in MB; `VmHWM` for its peak. Of all processes: what is started may be a parent that only looks on."""
        started = psutil.Process(self.process.pid)
        return sum(megabytes(process.pid, what) for process in [started, *started.children(recursive=True)])

    def close(self):
        self.client.stop_channels()
        try:
            os.killpg(self.process.pid, 9)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.folder.cleanup()


def megabytes(pid, what):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith(what))


def quantile(values, q):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))]


def summary(seconds):
    """Milliseconds: fewest, median, 95th percentile."""
    return {
        "min": min(seconds) * 1e3,
        "p50": quantile(seconds, 0.5) * 1e3,
        "p95": quantile(seconds, 0.95) * 1e3,
        "p99": quantile(seconds, 0.99) * 1e3,
        "n": len(seconds),
    }


def say(text):
    print(text, file=sys.stderr, flush=True)
