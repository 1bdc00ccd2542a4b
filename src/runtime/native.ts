/**
 * TensorFlow's C API (tensorflow/c/c_api.h, eager/c_api.h, tf_tensor.h, tf_tstring.h): every function that is called, with its types.
 */
import { join } from "node:path";
import koffi from "koffi";
import { RuntimeError } from "../errors.js";
import { type Libc, type Library, openLibc, type Pointer } from "./libc.js";
import type { Runtime } from "./location.js";
import { dropCleanPages } from "./pages.js";

/** A C type → how koffi names it and what it is in JavaScript. */
interface Kinds {
  void: undefined;
  ptr: Pointer;
  int: number;
  i64: number | bigint;
  u8: number;
  f32: number;
  size: number;
  /** Memory owned by JavaScript, borrowed for the call. */
  buf: ArrayBufferView | null;
  str: string;
  /** A `TF_Output`, by value: one result of one operation of a graph. */
  out: GraphOutput;
}
type Kind = keyof Kinds;

/** `TF_Output` of c_api.h. */
export interface GraphOutput {
  readonly oper: Pointer;
  readonly index: number;
}

const outputStruct = koffi.struct({ oper: "int64_t", index: "int" });

const koffiNames: Readonly<Record<Kind, string | typeof outputStruct>> = {
  void: "void",
  ptr: "int64_t",
  int: "int",
  i64: "int64_t",
  u8: "uint8_t",
  f32: "float",
  size: "size_t",
  buf: "void*",
  str: "const char*",
  out: outputStruct,
};

type Signature = readonly [result: Kind, ...parameters: Kind[]];
type Parameters<P> = { [I in keyof P]: P[I] extends Kind ? Kinds[P[I]] : never };
type Callable<S> = S extends readonly [infer R extends Kind, ...infer P] ? (...args: Parameters<P>) => Kinds[R] : never;

const functions = {
  TF_Version: ["str"],
  TF_NewStatus: ["ptr"],
  TF_DeleteStatus: ["void", "ptr"],
  TF_GetCode: ["int", "ptr"],
  TF_Message: ["str", "ptr"],
  TF_SetStatus: ["void", "ptr", "int", "str"],
  TF_NewBufferFromString: ["ptr", "buf", "size"],
  TF_DeleteBuffer: ["void", "ptr"],

  TF_AllocateTensor: ["ptr", "int", "buf", "int", "size"],
  TF_DeleteTensor: ["void", "ptr"],
  TF_TensorData: ["ptr", "ptr"],
  TF_TensorByteSize: ["size", "ptr"],
  TF_TensorFromProto: ["void", "ptr", "ptr", "ptr"],
  TF_StringGetDataPointer: ["ptr", "ptr"],
  TF_StringGetSize: ["size", "ptr"],

  TFE_NewContextOptions: ["ptr"],
  TFE_ContextOptionsSetConfig: ["void", "ptr", "buf", "size", "ptr"],
  TFE_DeleteContextOptions: ["void", "ptr"],
  TFE_NewContext: ["ptr", "ptr", "ptr"],
  TFE_ContextListDevices: ["ptr", "ptr", "ptr"],
  TF_DeviceListCount: ["int", "ptr"],
  TF_DeviceListName: ["str", "ptr", "int", "ptr"],
  TF_DeviceListType: ["str", "ptr", "int", "ptr"],
  TF_DeviceListMemoryBytes: ["i64", "ptr", "int", "ptr"],
  TF_DeleteDeviceList: ["void", "ptr"],

  TFE_NewTensorHandle: ["ptr", "ptr", "ptr"],
  TFE_DeleteTensorHandle: ["void", "ptr"],
  TFE_TensorHandleResolve: ["ptr", "ptr", "ptr"],
  TFE_TensorHandleCopyToDevice: ["ptr", "ptr", "ptr", "ptr", "ptr"],
  TFE_TensorHandleDataType: ["int", "ptr"],
  TFE_TensorHandleNumDims: ["int", "ptr", "ptr"],
  TFE_TensorHandleDim: ["i64", "ptr", "int", "ptr"],

  TFE_NewOp: ["ptr", "ptr", "ptr", "ptr"],
  TFE_DeleteOp: ["void", "ptr"],
  TFE_OpAddInput: ["void", "ptr", "ptr", "ptr"],
  TFE_Execute: ["void", "ptr", "buf", "buf", "ptr"],
  TFE_OpSetAttrString: ["void", "ptr", "ptr", "buf", "size"],
  TFE_OpSetAttrStringList: ["void", "ptr", "ptr", "buf", "buf", "int"],
  TFE_OpSetAttrInt: ["void", "ptr", "ptr", "i64"],
  TFE_OpSetAttrIntList: ["void", "ptr", "ptr", "buf", "int"],
  TFE_OpSetAttrFloat: ["void", "ptr", "ptr", "f32"],
  TFE_OpSetAttrFloatList: ["void", "ptr", "ptr", "buf", "int"],
  TFE_OpSetAttrBool: ["void", "ptr", "ptr", "u8"],
  TFE_OpSetAttrBoolList: ["void", "ptr", "ptr", "buf", "int"],
  TFE_OpSetAttrType: ["void", "ptr", "ptr", "int"],
  TFE_OpSetAttrTypeList: ["void", "ptr", "ptr", "buf", "int"],
  TFE_OpSetAttrShape: ["void", "ptr", "ptr", "buf", "int", "ptr"],
  TFE_OpSetAttrShapeList: ["void", "ptr", "ptr", "buf", "buf", "int", "ptr"],
  TFE_OpSetAttrTensor: ["void", "ptr", "ptr", "ptr", "ptr"],
  TFE_OpSetAttrFunctionName: ["void", "ptr", "ptr", "buf", "size"],
  TFE_OpSetAttrFunctionList: ["void", "ptr", "ptr", "buf", "int"],

  TFE_ContextAddFunction: ["void", "ptr", "ptr", "ptr"],
  TFE_ContextRemoveFunction: ["void", "ptr", "str", "ptr"],

  TF_NewBuffer: ["ptr"],
  TF_GraphGetOpDef: ["void", "ptr", "str", "ptr", "ptr"],
  TF_GraphToGraphDef: ["void", "ptr", "ptr", "ptr"],
  TF_NewOperation: ["ptr", "ptr", "str", "str"],
  TF_FinishOperation: ["ptr", "ptr", "ptr"],
  TF_AddInput: ["void", "ptr", "out"],
  TF_AddInputList: ["void", "ptr", "buf", "int"],
  TF_AddControlInput: ["void", "ptr", "ptr"],
  TF_OperationOutputType: ["int", "out"],
  TF_GraphSetTensorShape: ["void", "ptr", "out", "buf", "int", "ptr"],
  TF_GraphGetTensorNumDims: ["int", "ptr", "out", "ptr"],
  TF_GraphGetTensorShape: ["void", "ptr", "out", "buf", "int", "ptr"],
  TF_SetAttrString: ["void", "ptr", "ptr", "buf", "size"],
  TF_SetAttrStringList: ["void", "ptr", "ptr", "buf", "buf", "int"],
  TF_SetAttrInt: ["void", "ptr", "ptr", "i64"],
  TF_SetAttrIntList: ["void", "ptr", "ptr", "buf", "int"],
  TF_SetAttrFloat: ["void", "ptr", "ptr", "f32"],
  TF_SetAttrFloatList: ["void", "ptr", "ptr", "buf", "int"],
  TF_SetAttrBool: ["void", "ptr", "ptr", "u8"],
  TF_SetAttrBoolList: ["void", "ptr", "ptr", "buf", "int"],
  TF_SetAttrType: ["void", "ptr", "ptr", "int"],
  TF_SetAttrTypeList: ["void", "ptr", "ptr", "buf", "int"],
  TF_SetAttrShape: ["void", "ptr", "ptr", "buf", "int"],
  TF_SetAttrShapeList: ["void", "ptr", "ptr", "buf", "buf", "int"],
  TF_SetAttrTensor: ["void", "ptr", "ptr", "ptr", "ptr"],
  TF_SetAttrFuncName: ["void", "ptr", "ptr", "buf", "size"],
  // biome-ignore format: one line a function
  TF_GraphToFunction: ["ptr", "ptr", "str", "u8", "int", "buf", "int", "buf", "int", "buf", "buf", "ptr", "str", "ptr"],
  TF_FunctionSetAttrValueProto: ["void", "ptr", "str", "buf", "size", "ptr"],
  TF_DeleteFunction: ["void", "ptr"],

  TF_NewSessionOptions: ["ptr"],
  TF_SetConfig: ["void", "ptr", "buf", "size", "ptr"],
  TF_DeleteSessionOptions: ["void", "ptr"],
  TF_NewGraph: ["ptr"],
  TF_DeleteGraph: ["void", "ptr"],
  TF_GraphOperationByName: ["ptr", "ptr", "str"],
  TF_LoadSessionFromSavedModel: ["ptr", "ptr", "ptr", "str", "buf", "int", "ptr", "ptr", "ptr"],
  TF_SessionRun: ["void", "ptr", "ptr", "buf", "buf", "int", "buf", "buf", "int", "ptr", "int", "ptr", "ptr"],
  TF_CloseSession: ["void", "ptr", "ptr"],
  TF_DeleteSession: ["void", "ptr", "ptr"],
} as const satisfies Readonly<Record<string, Signature>>;

/** TensorFlow's functions by their C names. */
export type Functions = { readonly [K in keyof typeof functions]: Callable<(typeof functions)[K]> };

/** TensorFlow, loaded. */
export interface Native {
  readonly tf: Functions;
  readonly libc: Libc;
  /** A C string for an operation's or attribute's name; the same pointer every time, because TensorFlow may keep it. */
  name(text: string): Pointer;
  /** `TFE_Execute` on another thread: the event loop goes on meanwhile. The arguments must stay as they are until it resolves. */
  executeLater(op: Pointer, handles: Uint32Array, count: Int32Array, status: Pointer): Promise<void>;
}

/** Loads TensorFlow's libraries (about a second). They stay for the life of the process, which then ends without a crash. */
export function loadNative(runtime: Runtime): Native {
  const libc = openLibc();
  const quiet = !process.env.NABLA_TF_LOG;
  if (quiet) libc.setDefault("TF_CPP_MIN_LOG_LEVEL", "3");
  // Off by default where there is no AVX-512, but with AVX2 alone steps take two thirds of the time with it.
  if (process.arch === "x64") libc.setDefault("TF_ENABLE_ONEDNN_OPTS", "1");
  // Each context has threads of its own, and a number of its own of them: narrow.ts.
  libc.setDefault("TF_OVERRIDE_GLOBAL_THREADPOOL", "1");
  const paths = ["libtensorflow_framework", "libtensorflow_cc"].map((name) => libraryPath(runtime, name));
  // The framework logs while its static variables are made, before it has read its log level.
  libc.withoutNoise(quiet ? isLog : () => false, () => {
    for (const path of paths) {
      libc.loadForEver(path);
      dropCleanPages([path], libc.dropPages);
    }
  });
  libc.leaveWithoutDestructors();
  const names = new Map<string, Pointer>();
  const tf = declare(paths.map((path) => koffi.load(path)).reverse());
  dropCleanPages(paths, libc.dropPages);
  const { async: executeLater } = tf.TFE_Execute as unknown as { async(...args: unknown[]): void };
  return {
    tf,
    executeLater: (...args) =>
      new Promise((resolve, reject) => {
        executeLater(...args, (error: Error | null) => (error ? reject(error) : resolve()));
      }),
    libc,
    name(text) {
      let pointer = names.get(text);
      if (pointer === undefined) {
        pointer = libc.strdup(text);
        names.set(text, pointer);
      }
      return pointer;
    },
  };
}

/** A line that TensorFlow's logging (absl) writes, e.g. `I0000 00:00:1795367626.287554   12490 port.cc:153] oneDNN …`. */
function isLog(line: string): boolean {
  return /^[IWE]\d{4} |^WARNING: All log messages before absl::InitializeLog/.test(line);
}

function libraryPath(runtime: Runtime, name: string): string {
  const file = Object.keys(runtime.manifest.files).find((file) => file.startsWith(`${name}.`));
  if (file === undefined) {
    throw new RuntimeError({
      what: "runtime",
      expected: `${name} in ${runtime.folder}`,
      got: Object.keys(runtime.manifest.files).join(", "),
      hint: "Run `npx nabla setup`.",
    });
  }
  return join(runtime.folder, file);
}

function declare(libraries: readonly Library[]): Functions {
  const found: Record<string, unknown> = {};
  for (const [name, [result, ...parameters]] of Object.entries<Signature>(functions)) {
    const types = parameters.map((kind) => koffiNames[kind]);
    found[name] = findFunction(libraries, name, koffiNames[result], types);
  }
  return found as Functions;
}

type KoffiType = (typeof koffiNames)[Kind];

function findFunction(libraries: readonly Library[], name: string, result: KoffiType, types: KoffiType[]): unknown {
  for (const library of libraries) {
    try {
      return library.func(name, result, types);
    } catch {
      // The two libraries share the C API between them; it is in the other one.
    }
  }
  throw new RuntimeError({
    what: "runtime",
    expected: `${name} in TensorFlow's libraries`,
    got: "none",
    hint: "The libraries are of another version: run `npx nabla setup`.",
  });
}
