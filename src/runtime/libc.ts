/** The few calls of the C library that Node does not have: environment, staying loaded, leaving, copying, file descriptors. */
import { fstatSync, readSync } from "node:fs";
import koffi from "koffi";

/** A C pointer. Addresses of user space fit into 48 bits, and a number is faster than koffi's BigInt. */
export type Pointer = number;

/** A library that koffi opened. */
export type Library = ReturnType<typeof koffi.load>;

const darwin = process.platform === "darwin";

/** Flags of dlopen(3). `stay` keeps the library in memory after the last dlclose. */
const dlopenFlags = darwin ? { now: 2, global: 0x8, stay: 0x80 } : { now: 2, global: 0x100, stay: 0x1000 };

/** `MADV_DONTNEED` of madvise(2). */
const dontNeed = 4;

/** The C library of this process. */
export interface Libc {
  /** A copy of the text, NUL-terminated, that lives for ever. */
  strdup(text: string): Pointer;
  copyIn(to: Pointer, from: ArrayBufferView, bytes: number): void;
  copyOut(to: ArrayBufferView, from: Pointer, bytes: number): void;
  /** Reaches C's getenv, which a worker's `process.env` does not. Keeps what is already set. */
  setDefault(name: string, value: string): void;
  /** Loads a library for the rest of the process's life. Throws the loader's words. */
  loadForEver(path: string): void;
  /** From now on the process ends without running destructors of C++, with the exit code it has. */
  leaveWithoutDestructors(): void;
  /** Lets go of memory that is as it is in its file; it is read again where it is needed. */
  dropPages(start: Pointer, bytes: number): void;
  /** Runs `work` with the process's stderr caught; what it did not want to hide is written afterwards. */
  withoutNoise(isNoise: (line: string) => boolean, work: () => void): void;
}

/** Opens the C library. Throws where there is none (Windows). */
export function openLibc(): Libc {
  const library = koffi.load(darwin ? "libSystem.B.dylib" : "libc.so.6");
  const strdup = library.func("strdup", "int64_t", ["const char*"]);
  const copyIn = library.func("memcpy", "void", ["int64_t", "void*", "size_t"]);
  const copyOut = library.func("memcpy", "void", ["void*", "int64_t", "size_t"]);
  const setenv = library.func("setenv", "int", ["const char*", "const char*", "int"]);
  const dlopen = library.func("dlopen", "int64_t", ["const char*", "int"]);
  const madvise = library.func("madvise", "int", ["int64_t", "size_t", "int"]);
  const dlerror = library.func("dlerror", "const char*", []);
  return {
    strdup: (text) => strdup(text),
    copyIn: (to, from, bytes) => copyIn(to, from, bytes),
    copyOut: (to, from, bytes) => copyOut(to, from, bytes),
    setDefault: (name, value) => void setenv(name, value, 0),
    loadForEver(path) {
      const flags = dlopenFlags.now | dlopenFlags.global | dlopenFlags.stay;
      if (dlopen(path, flags) === 0) throw new Error(dlerror());
    },
    dropPages: (start, bytes) => void madvise(start, bytes, dontNeed),
    leaveWithoutDestructors() {
      if (darwin) {
        const leave = library.func("_exit", "void", ["int"]);
        process.on("exit", (code) => leave(code));
        return;
      }
      // glibc calls the newest on_exit handler first and hands it the exit code, so _exit itself is the handler.
      library.func("on_exit", "int", ["void*", "void*"])(library.symbol("_exit"), null);
    },
    withoutNoise(isNoise, work) {
      if (darwin) work();
      else catchStderr(library, isNoise, work);
    },
  };
}

function catchStderr(library: Library, isNoise: (line: string) => boolean, work: () => void): void {
  const dup = library.func("dup", "int", ["int"]);
  const dup2 = library.func("dup2", "int", ["int", "int"]);
  // Node's own close warns of descriptors that it did not open.
  const close = library.func("close", "int", ["int"]);
  const memfd = library.func("memfd_create", "int", ["const char*", "uint"])("stderr", 0);
  const stderr = dup(2);
  if (memfd < 0 || stderr < 0) {
    work();
    return;
  }
  dup2(memfd, 2);
  try {
    work();
  } finally {
    dup2(stderr, 2);
    close(stderr);
    const text = Buffer.alloc(fstatSync(memfd).size);
    readSync(memfd, text, 0, text.length, 0);
    close(memfd);
    const rest = text
      .toString()
      .split("\n")
      .filter((line) => line !== "" && !isNoise(line));
    if (rest.length > 0) process.stderr.write(`${rest.join("\n")}\n`);
  }
}
