"""jupyter_kernel_test with every sample given. The last line printed is JSON: what ran, what failed, what was skipped."""

import json
import unittest

import jupyter_kernel_test
from jupyter_kernel_test import KernelTests, IopubWelcomeTests

DISPLAY = '(globalThis as any)[Symbol.for("nabla.host")].display({ data: %s, metadata: {} })'
RENDERED = '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>1</b>", "text/plain": "1" }) })'

# Its limits are those of an idle machine.
jupyter_kernel_test.TIMEOUT = 120


class Kernel(KernelTests):
    kernel_name = "nabla"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('test')"
    completion_samples = [
        {"text": "'x'.toUpperC", "matches": ["toUpperCase"]},
        {"text": "Math.sq", "matches": ["sqrt", "SQRT2", "SQRT1_2"]},
        {"text": "const 𝒳 = '😀'; 𝒳.codePointA", "matches": ["codePointAt"]},
    ]
    complete_code_samples = ["1", "const x: number = 1;", "function f() {\n  return 1;\n}", "await Promise.resolve(1)"]
    incomplete_code_samples = ["function f() {", "[1, 2,", "`text", "/* comment", "if (true)"]
    invalid_code_samples = ["const = 1", "1 +* 2", "'open"]
    code_generate_error = "throw new Error('test')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "'a' + 'b'", "result": "'ab'"},
        {"code": "await Promise.resolve(7n)", "result": "7n"},
        {"code": RENDERED, "result": "<b>1</b>", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": DISPLAY % '{ "text/html": "<i>2</i>", "text/plain": "2" }', "mime": "text/html"},
        {"code": DISPLAY % '{ "image/png": "iVBORw0KGgo=" }', "mime": "image/png"},
    ]
    code_history_pattern = "6 ?*7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.sqrt"
    code_clear_output = '(globalThis as any)[Symbol.for("nabla.host")].clear(false)'

    patient = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        channel = cls.kc.iopub_channel
        get = jupyter_kernel_test.ensure_sync(channel.get_msg)
        # The outputs of a cell may take longer than its 0.1 s; waiting for nothing (flush_channels) may not.
        channel.get_msg = lambda timeout=None: get(timeout=60 if cls.patient else timeout)

    def execute_helper(self, *args, **kwargs):
        type(self).patient = True
        try:
            return super().execute_helper(*args, **{"timeout": 120, **kwargs})
        finally:
            type(self).patient = False


class Welcome(IopubWelcomeTests):
    kernel_name = "nabla"
    support_iopub_welcome = True


if __name__ == "__main__":
    loader = unittest.TestLoader()
    suite = unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in (Kernel, Welcome))
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    failed = [f"{test}: {text}" for test, text in result.failures + result.errors]
    skipped = [f"{test}" for test, _ in result.skipped]
    print(json.dumps({"run": result.testsRun, "failed": failed, "skipped": skipped}))
