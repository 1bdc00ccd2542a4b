"""Drives jupyter console in a pseudo-terminal: runs a cell, completes, is interrupted, asks and quits."""

import os
import re
import sys

import pexpect

env = {**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"}
options = ["--kernel", "nabla", "--ZMQTerminalInteractiveShell.kernel_timeout=120"]
options += ["--ZMQTerminalInteractiveShell.kernel_is_complete_timeout=60"]
console = pexpect.spawn(
    sys.executable,
    ["-m", "jupyter_console", *options],
    env=env,
    encoding="utf-8",
    dimensions=(40, 120),
    timeout=120,
)
console.logfile_read = sys.stdout
colour = re.compile(r"(?:\x1b\[[0-9;?]*[a-zA-Z]|[\r\n\s])*")


def expect(*texts):
    """Waits for these texts one after the other, with any colours and line breaks between them."""
    console.expect(colour.pattern.join(re.escape(text) for text in texts))


expect("In [", "1")
console.send("const answer: number = 6 * 7; console.log('hello ' + 'console'); answer\r")
expect("hello console")
expect("Out[", "1", "]:")
expect("42")
expect("In [", "2")
console.send("answer.toExp\t")
expect("onential")
console.send("(1)\r")
expect("4.2e+1")
expect("In [", "3")
console.send("console.log('loop' + 'ing'); while (true) {}\r")
expect("looping")
console.sendintr()
expect("KeyboardInterrupt")
expect("In [", "4")
console.send('"you are " + await (globalThis as any)[Symbol.for("nabla.host")].input("wh" + "o? ")\r')
expect("who?")
console.send("Ada\r")
expect("you are Ada")
expect("In [", "5")
console.send("answer.nothing\r")
expect("Property 'nothing' does not exist")
expect("In [", "6")
console.send("answer + 1\r")
expect("43")
expect("In [", "7")
console.send("\x04")
expect("Do you really want to exit")
console.send("y\r")
console.expect(pexpect.EOF)
console.close()
print("\nthe console ended with", console.exitstatus)
sys.exit(console.exitstatus)
