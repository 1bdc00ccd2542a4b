"""Executes a notebook headless and exports it: demo.py NOTEBOOK OUT_FOLDER TEMPLATES PLOTLY_JS, under leash.py.

Writes OUT_FOLDER/<name>.ipynb (always, also when a cell failed) and OUT_FOLDER/<name>.html, one file that loads nothing from
anywhere. Prints `Progress DONE of TOTAL` (code cells), and when a cell fails `Failed`, then what it said; exit code 1.
"""

import os
import re
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter
from traitlets.config import Config

PLOTLY = "application/vnd.plotly.v1+json"
PICTURES = ["image/svg+xml", "image/png", "image/jpeg"]
PRIORITY = [PLOTLY, "text/html", "text/markdown", *PICTURES, "text/latex", "text/plain"]


class Client(NotebookClient):
    """Tells how many code cells are done."""

    done = 0

    async def async_execute_cell(self, cell, cell_index, *args, **kwargs):
        if cell.cell_type == "code":
            print(f"Progress {self.done} of {sum(each.cell_type == 'code' for each in self.nb.cells)}", flush=True)
            self.done += 1
        return await super().async_execute_cell(cell, cell_index, *args, **kwargs)


def without_addresses(script: str) -> str:
    """A script without addresses of other sites; names of XML namespaces stay. `</script` would end the element."""
    return re.sub(r"https?://(?!www\.w3\.org/)[^\s\"'`<>)\\]+", "", script).replace("</script", "<\\/script")


def export(notebook, name: str, templates: str, plotly: str) -> str:
    exporter = HTMLExporter(
        template_name="nabla",
        extra_template_basedirs=[templates],
        embed_images=True,
        config=Config(NbConvertBase={"display_data_priority": PRIORITY}),
    )
    has_figures = any(PLOTLY in out.get("data", {}) for cell in notebook.cells for out in cell.get("outputs", []))
    with open(plotly, encoding="utf-8") as file:
        script = without_addresses(file.read()) if has_figures else ""
    html, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": name}, "plotly_js": script})
    # The style sheets' comments name the sites that colours were taken from.
    return re.sub(r"<style.*?</style>", lambda style: re.sub(r"/\*.*?\*/", "", style[0], flags=re.S), html, flags=re.S)


def main(path: str, out: str, templates: str, plotly: str) -> int:
    notebook = nbformat.read(path, as_version=4)
    name = os.path.splitext(os.path.basename(path))[0]
    os.makedirs(out, exist_ok=True)
    where = {"metadata": {"path": os.path.dirname(os.path.abspath(path))}}
    client = Client(notebook, timeout=None, kernel_name="nabla", coalesce_streams=True, resources=where)
    code = 0
    try:
        client.execute()
    except CellExecutionError as error:
        print(f"Failed\n{error}", flush=True)
        code = 1
    finally:
        nbformat.write(notebook, os.path.join(out, f"{name}.ipynb"))
    with open(os.path.join(out, f"{name}.html"), "w", encoding="utf-8") as file:
        file.write(export(notebook, name, templates, plotly))
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
