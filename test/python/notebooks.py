"""Executes notebooks through nbclient and papermill. The last line printed is JSON: the outputs of each, cell by cell."""

import json
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import papermill
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from papermill.exceptions import PapermillException

HOST = '(globalThis as any)[Symbol.for("nabla.host")]'
folder = Path(sys.argv[1])


def notebook(*cells):
    kernelspec = {"name": "nabla", "display_name": "TypeScript (Nabla)", "language": "typescript"}
    made = nbformat.v4.new_notebook(metadata={"kernelspec": kernelspec})
    for source, *tags in cells:
        made.cells.append(nbformat.v4.new_code_cell(source, metadata={"tags": tags}))
    return made


def outputs(made):
    nbformat.validate(made)
    shown = []
    for cell in made.cells:
        texts = []
        for output in cell.outputs:
            if output.output_type == "stream":
                texts.append(output.text)
            elif output.output_type == "error":
                texts.append(f"{output.ename}: {output.evalue}")
            else:
                texts.append(output.data.get("text/plain"))
        shown.append(texts)
    return shown


def by_nbclient():
    made = notebook(
        ["interface P { x: number }\nconst p: P = { x: 20 };\nconsole.log('hello')"],
        ["p.x + 1"],
        [f"{HOST}.display({{ data: {{ 'text/plain': 'old' }}, metadata: {{}} }}, 'd')"],
        [f"{HOST}.update('d', {{ data: {{ 'text/plain': 'new' }}, metadata: {{}} }})"],
        ["console.log('gone'); " + f"{HOST}.clear(true); console.log('kept')"],
        ["p.y", "raises-exception"],
        ["throw new RangeError('far')", "raises-exception"],
        ["p.x satisfies number"],
    )
    NotebookClient(made, timeout=300, kernel_name="nabla", resources={"metadata": {"path": str(folder)}}).execute()
    return outputs(made)


def failing(cell):
    made = notebook(["1"], [cell], ["2"])
    try:
        NotebookClient(made, timeout=300, kernel_name="nabla").execute()
    except CellExecutionError as error:
        return [error.ename, error.evalue, outputs(made)]


def dying():
    """A kernel that dies in a cell, as a front end sees it that starts another one with the same ports."""
    manager, client = start_new_kernel(kernel_name="nabla", startup_timeout=60)
    told = []
    reply = client.execute_interactive(
        "%%bash\nkill -ABRT $PPID",
        timeout=60,
        output_hook=lambda message: told.append(message["content"].get("execution_state", message["msg_type"])),
    )
    died = time.monotonic()
    while manager.is_alive():
        time.sleep(0.02)
    seconds = time.monotonic() - died
    manager.restart_kernel(now=True)
    client.wait_for_ready(timeout=60)
    after = client.execute_interactive("1", timeout=60, output_hook=lambda message: None)
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    content = reply["content"]
    return [told, content["status"], content["ename"], content["execution_count"], seconds < 2, after["content"]["status"]]


def parameterized(name, shown="`${rate} ${who} ${on}`"):
    source, result = folder / f"{name}.ipynb", folder / f"{name}-out.ipynb"
    nbformat.write(notebook(["let rate = 1; let who = 'nobody'; let on = false;", "parameters"], [shown]), source)
    return source, result


def by_script(*options):
    """What docs/running.md says: papermill's own command, which knows TypeScript."""
    source, result = parameterized("script", "[rate, who, on]")
    script = Path(__file__).parents[2] / "setup" / "python" / "papermill_typescript.py"
    command = [sys.executable, "-I", script, source, result, "--no-progress-bar", *options]
    subprocess.run(command, check=True, cwd=folder)
    made = nbformat.read(result, as_version=4)
    return [made.cells[1].source, outputs(made)]


def by_papermill(name, parameters, **options):
    source, result = parameterized(name)
    papermill.execute_notebook(str(source), str(result), parameters=parameters, progress_bar=False, **options)
    return outputs(nbformat.read(result, as_version=4))


def without_translator():
    try:
        return by_papermill("plain", {"rate": 2})
    except PapermillException as error:
        return str(error)


scalars = {"rate": 0.5, "who": 'Ada "∇" \\', "on": True}
found = {
    "nbclient": by_nbclient(),
    "failing": failing("throw new TypeError('stop here')"),
    "killed": failing("%%bash\nkill -SEGV $PPID; sleep 10"),
    "dying": dying(),
    "unparameterized": by_papermill("none", {}),
    "without translator": without_translator(),
    "csharp": by_papermill("csharp", scalars, language=".net-csharp"),
    "script": by_script("-p", "rate", "0.5", "-p", "on", "True", "-y", '{who: {a: [1, "x", null]}}'),
}
print(json.dumps(found))
