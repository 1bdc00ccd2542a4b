/**
 * The types of `WebAssembly`, which Node has and its types leave to the DOM's, as a declaration file (WebAssembly JavaScript
 * Interface 2.0). The names are those of TypeScript's `lib.dom.d.ts`, with which they merge where a notebook asks for it.
 */
export const webAssembly = `
/** Compiles and runs WebAssembly: \`new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports\`. */
declare namespace WebAssembly {
  interface ValueTypeMap { anyfunc: Function; externref: any; f32: number; f64: number; i32: number; i64: bigint; v128: never }
  type ValueType = keyof ValueTypeMap;
  type TableKind = "anyfunc" | "externref";
  type ImportExportKind = "function" | "global" | "memory" | "table" | "tag";
  type ExportValue = Function | Global | Memory | Table;
  type ImportValue = ExportValue | number;
  type Exports = Record<string, ExportValue>;
  type ModuleImports = Record<string, ImportValue>;
  type Imports = Record<string, ModuleImports>;

  /** A compiled module: it has no state and can be instantiated any number of times. */
  interface Module {}
  var Module: {
    prototype: Module;
    new (bytes: ArrayBufferView | ArrayBuffer): Module;
    customSections(moduleObject: Module, sectionName: string): ArrayBuffer[];
    exports(moduleObject: Module): ModuleExportDescriptor[];
    imports(moduleObject: Module): ModuleImportDescriptor[];
  };
  interface ModuleExportDescriptor { kind: ImportExportKind; name: string }
  interface ModuleImportDescriptor { kind: ImportExportKind; module: string; name: string }

  /** A module with its state. */
  interface Instance { readonly exports: Exports }
  var Instance: { prototype: Instance; new (module: Module, importObject?: Imports): Instance };

  /** Memory that grows in pages of 64 KiB. */
  interface Memory { readonly buffer: ArrayBuffer; grow(delta: number): number }
  var Memory: { prototype: Memory; new (descriptor: MemoryDescriptor): Memory };
  interface MemoryDescriptor { initial: number; maximum?: number; shared?: boolean }

  interface Table {
    readonly length: number;
    get(index: number): any;
    grow(delta: number, value?: any): number;
    set(index: number, value?: any): void;
  }
  var Table: { prototype: Table; new (descriptor: TableDescriptor, value?: any): Table };
  interface TableDescriptor { element: TableKind; initial: number; maximum?: number }

  interface Global<T extends ValueType = ValueType> { value: ValueTypeMap[T]; valueOf(): ValueTypeMap[T] }
  var Global: {
    prototype: Global;
    new <T extends ValueType = ValueType>(descriptor: GlobalDescriptor<T>, v?: ValueTypeMap[T]): Global<T>;
  };
  interface GlobalDescriptor<T extends ValueType = ValueType> { mutable?: boolean; value: T }

  interface Tag {}
  var Tag: { prototype: Tag; new (type: TagType): Tag };
  interface TagType { parameters: ValueType[] }
  interface Exception { readonly stack: string | undefined; getArg(exceptionTag: Tag, index: number): any; is(exceptionTag: Tag): boolean }
  var Exception: { prototype: Exception; new (exceptionTag: Tag, payload: any[], options?: ExceptionOptions): Exception };
  interface ExceptionOptions { traceStack?: boolean }

  interface CompileError extends Error {}
  var CompileError: { prototype: CompileError; new (message?: string): CompileError; (message?: string): CompileError };
  interface LinkError extends Error {}
  var LinkError: { prototype: LinkError; new (message?: string): LinkError; (message?: string): LinkError };
  interface RuntimeError extends Error {}
  var RuntimeError: { prototype: RuntimeError; new (message?: string): RuntimeError; (message?: string): RuntimeError };

  interface WebAssemblyInstantiatedSource { instance: Instance; module: Module }
  function compile(bytes: ArrayBufferView | ArrayBuffer): Promise<Module>;
  function compileStreaming(source: Response | PromiseLike<Response>): Promise<Module>;
  function instantiate(bytes: ArrayBufferView | ArrayBuffer, importObject?: Imports): Promise<WebAssemblyInstantiatedSource>;
  function instantiate(moduleObject: Module, importObject?: Imports): Promise<Instance>;
  function instantiateStreaming(source: Response | PromiseLike<Response>, importObject?: Imports): Promise<WebAssemblyInstantiatedSource>;
  function validate(bytes: ArrayBufferView | ArrayBuffer): boolean;
}
`;
