"""What is measured of a kernel. Every function returns plain numbers in milliseconds and megabytes, ready for JSON."""

import time

import zmq
from kernels import Running, quantile, say, summary


def start(spec):
    """From spawn to the first reply, and to the reply of the first cell."""
    kernel = Running(spec)
    try:
        kernel.reply(kernel.client.kernel_info())
        first = kernel.since_start()
        kernel.run("1 + 1")
        return {"info": first * 1e3, "cell": kernel.since_start() * 1e3}
    finally:
        kernel.close()


def library(spec):
    """The first `import` of the library in a warm kernel, checked and loaded."""
    kernel = Running(spec)
    try:
        kernel.run("1 + 1")
        time.sleep(1)
        seconds, content = kernel.run('import { nn } from "nabla";\nnn.dense(10)')
        assert content["status"] == "ok", content
        return seconds * 1e3
    finally:
        kernel.close()


def warm(specs, cells=520, turn=40):
    """
    The times of many small cells, each with a name of its own that refers to the one before. The kernels take turns: what the
    machine does besides hits all of them.
    """
    kernels = {spec.name: Running(spec) for spec in specs}
    times = {spec.name: [] for spec in specs}
    try:
        for kernel in kernels.values():
            kernel.run("1 + 1")
        for begin in range(0, cells, turn):
            for spec in specs:
                kernel = kernels[spec.name]
                for n in range(begin, min(begin + turn, cells)):
                    seconds, content = kernel.run(spec.cell(n))
                    # tslab's reply has no status worth the name.
                    assert content.get("status") == "ok", content
                    times[spec.name].append(seconds)
                    kernel.drain()
    finally:
        for kernel in kernels.values():
            kernel.close()
    return {name: told(each) for name, each in times.items()}


def told(times):
    near = lambda n: quantile(times[n - 20 : n + 20], 0.5) * 1e3
    return {**summary(times[20:]), "at50": near(50), "at500": near(len(times) - 20)}


def lines(spec, count, timeout):
    """Prints that many lines: how long until the last one and idle are here, and how many came."""
    kernel = Running(spec)
    try:
        kernel.run("1 + 1")
        # What is published before the subscription has arrived is lost.
        time.sleep(0.5)
        kernel.drain()
        before = kernel.memory()
        seen = {"lines": 0, "cut": False}

        def see(message):
            if message["msg_type"] == "stream":
                text = message["content"]["text"]
                if message["content"]["name"] == "stdout":
                    seen["lines"] += text.count("\n")
                else:
                    seen["cut"] = True

        begin = time.perf_counter()
        request = kernel.client.execute(spec.lines(count), allow_stdin=False)
        idle = kernel.until_idle(request, see, timeout)
        seconds = time.perf_counter() - begin
        return {
            "ms": seconds * 1e3,
            "idle": idle,
            **seen,
            "grown": kernel.memory("VmHWM") - before,
        }
    finally:
        kernel.close()


def heartbeats(kernel, count):
    socket = kernel.client.context.socket(zmq.REQ)
    socket.connect(f"tcp://127.0.0.1:{kernel.client.hb_port}")
    times = []
    for _ in range(count):
        begin = time.perf_counter()
        socket.send(b"ping")
        socket.recv()
        times.append(time.perf_counter() - begin)
        time.sleep(0.005)
    socket.close(0)
    return times


busy = "while (true) {}"
fit = """
const net = nn.sequential(nn.input(28, 28, 1), nn.conv2d(16, 3), nn.relu(), nn.maxPool2d(2), nn.flatten(), nn.dense(10));
await train.fit(net, digits.train, { loss: "crossEntropy", optimizer: optim.adam(1e-3), epochs: 1000 });
"""
echo = """
import { nn, optim, train, data } from "nabla";
const digits = await data.mnist();
const comm = (globalThis as any)[Symbol.for("nabla.host")].openComm("bench", { data: {} });
comm.onMessage((message: any) => comm.send({ data: message.data }));
comm.id
"""


def meanwhile(spec, count=100):
    """How soon Tab, Shift-Tab, heartbeat and comms are answered while a cell is busy and while a network learns."""
    kernel = Running(spec)
    try:
        kernel.run("const table = { alpha: 1, beta: [1, 2, 3] };")
        seconds, content = kernel.run(echo)
        assert content["status"] == "ok", content
        comm = None
        while comm is None:
            message = kernel.client.get_iopub_msg(timeout=10)
            if message["msg_type"] == "comm_open":
                comm = message["content"]["comm_id"]
        result = {}
        for name, code in {"while(true)": busy, "fit": fit}.items():
            kernel.client.execute(code, allow_stdin=False)
            time.sleep(4)
            kernel.drain()
            times = {"complete": [], "inspect": []}
            for n in range(count):
                begin = time.perf_counter()
                kernel.reply(kernel.client.complete(f"const z{n} = table.be"))
                times["complete"].append(time.perf_counter() - begin)
                begin = time.perf_counter()
                kernel.reply(kernel.client.inspect("table.beta", 8))
                times["inspect"].append(time.perf_counter() - begin)
            times["heartbeat"] = heartbeats(kernel, 3 * count)
            if name == "fit":
                times["comm"] = [round_trip(kernel, comm, n) for n in range(count)]
            result[name] = {what: summary(some) for what, some in times.items()}
            kernel.interrupt()
            # A network that learns stops at the end of its step.
            time.sleep(2)
            kernel.drain()
        return result
    finally:
        kernel.close()


def round_trip(kernel, comm, n):
    begin = time.perf_counter()
    kernel.client.shell_channel.send(kernel.client.session.msg("comm_msg", {"comm_id": comm, "data": {"n": n}}))
    while True:
        message = kernel.client.get_iopub_msg(timeout=30)
        if message["msg_type"] == "comm_msg" and message["content"]["data"].get("n") == n:
            return time.perf_counter() - begin


stuck = {
    "sync loop": "while (true) {}",
    "loop after await": "await new Promise((r) => setTimeout(r, 50)); while (true) {}",
    "pending promise": "await new Promise(() => {})",
    "stuck timer": "await new Promise((r) => setTimeout(r, 1e8))",
    "%%bash sleep": "%%bash\nsleep 60",
    "fit": fit.replace("net", "net2"),
}
stuck_python = {"sync loop": "while True: pass", "pending promise": "import asyncio; await asyncio.sleep(1e6)"}


def interrupts(spec, times=7):
    """From Stop to idle, for each way in which a cell can be stuck."""
    kernel = Running(spec)
    try:
        kernel.run("1 + 1")
        if not spec.python:
            kernel.run(echo)
        result = {}
        for name, code in (stuck_python if spec.python else stuck).items():
            taken = []
            for _ in range(times):
                request = kernel.client.execute(code, allow_stdin=False)
                time.sleep(2.5 if name == "fit" else 0.7)
                begin = time.perf_counter()
                kernel.interrupt()
                if not kernel.until_idle(request, timeout=20):
                    say(f"{spec.name}: no idle after {name}")
                    return result
                taken.append(time.perf_counter() - begin)
            result[name] = summary(taken)
        seconds, content = kernel.run("1 + 1")
        assert content["status"] == "ok", content
        return result
    finally:
        kernel.close()


def soak(spec, cells=10_000):
    """Many cells in one kernel: does it slow down, does it grow?"""
    kernel = Running(spec)
    try:
        times = []
        before = 0.0
        for n in range(cells):
            seconds, content = kernel.run(f"let x{n % 50} = {n}; x{n % 50} + 1")
            assert content["status"] == "ok", content
            times.append(seconds)
            kernel.drain()
            if n == cells // 10:
                before = kernel.memory()
            if n % 1000 == 999:
                say(f"{spec.name}: {n + 1} cells, {quantile(times[-500:], 0.5) * 1e3:.1f} ms, {kernel.memory():.0f} MB")
        tenth = cells // 10
        # The lower quartile: what else the machine does meanwhile shows in the others.
        early = quantile(times[tenth : 2 * tenth], 0.25)
        late = quantile(times[-tenth:], 0.25)
        grown = (kernel.memory() - before) * 1024 / (cells - tenth)
        return {"early": early * 1e3, "late": late * 1e3, "drift": late / early, "kbPerCell": grown}
    finally:
        kernel.close()
