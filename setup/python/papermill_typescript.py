"""papermill with parameters for TypeScript notebooks: the same options, and `import papermill_typescript` for programs.

python papermill_typescript.py train.ipynb out.ipynb -p rate 0.01 -y '{layers: [64, 10]}'

papermill has a list of languages that no package can add to from outside; a program can.
"""

import json

from papermill.translators import Translator, papermill_translators


class TypeScript(Translator):
    """JSON is TypeScript, and so are Python's words for numbers that JSON lacks: NaN and Infinity."""

    @classmethod
    def translate(cls, value):
        return json.dumps(value)

    @classmethod
    def comment(cls, text):
        return f"// {text}"

    @classmethod
    def assign(cls, name, value):
        return f"let {name} = {value};"


papermill_translators.register("typescript", TypeScript)

if __name__ == "__main__":
    from papermill.cli import papermill

    papermill()
