/** What a kernel says of itself (Jupyter messaging protocol, "Kernel info"). */
export interface KernelInfo {
  readonly protocol: string;
  /** The kernel's own version. */
  readonly version: string;
  readonly typescript: string;
}

/** Content of a `kernel_info_reply`. JupyterLab highlights by `codemirror_mode`, nbconvert by `pygments_lexer`. */
export function kernelInfo(info: KernelInfo): Record<string, unknown> {
  return {
    status: "ok",
    protocol_version: info.protocol,
    implementation: "nabla",
    implementation_version: info.version,
    language_info: {
      name: "typescript",
      version: info.typescript,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: "typescript",
      nbconvert_exporter: "script",
    },
    banner: `Nabla ${info.version}: TypeScript ${info.typescript} and deep learning on TensorFlow's kernels`,
    debugger: true,
    supported_features: ["kernel subshells", "debugger"],
    help_links: [
      { text: "TypeScript handbook", url: "https://www.typescriptlang.org/docs/handbook/intro.html" },
      { text: "TensorFlow.js API", url: "https://js.tensorflow.org/api/latest/" },
    ],
  };
}
