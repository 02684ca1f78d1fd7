import { wasmBytes } from "./wasm-bytes.ts";

/** What assembly/kernels.ts exports. Places and steps are in bytes. */
export interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  firstFree(): number;
  factorize(a: number, n: number, down: number): number;
  solve(...args: SolveArguments): void;
  invert(...args: InvertArguments): void;
}
type SolveArguments = [
  m: number,
  down: number,
  right: number,
  b: number,
  bDown: number,
  n: number,
  columns: number,
];
type InvertArguments = [l: number, inverse: number, between: number, n: number, down: number];

/** The part of WebAssembly's JavaScript interface that is used here; it may be missing. */
interface WebAssemblyInterface {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

const pageSize = 65_536;
/** Memory never shrinks: kernels that have taken more than this are given up after use. */
const kept = 64 * 1024 * 1024;

/** undefined: not tried yet; null: this engine has no WebAssembly, or none with SIMD. */
let module: object | null | undefined;
let kernels: Kernels | undefined;

/**
 * Calls `use` with kernels whose memory has room for `numbers` doubles, and with a view of them.
 * @returns undefined where this engine lacks SIMD or the memory cannot grow so far
 */
export function withKernels<Result>(
  numbers: number,
  use: (kernels: Kernels, view: Float64Array) => Result,
): Result | undefined {
  kernels ??= instantiate();
  if (kernels === undefined) return undefined;
  const { memory } = kernels;
  const start = kernels.firstFree();
  const wanted = start + numbers * Float64Array.BYTES_PER_ELEMENT;
  try {
    if (wanted > memory.buffer.byteLength)
      memory.grow(Math.ceil((wanted - memory.buffer.byteLength) / pageSize));
  } catch {
    return undefined;
  }
  const result = use(kernels, new Float64Array(memory.buffer, start, numbers));
  if (wanted > kept) kernels = undefined;
  return result;
}

function instantiate(): Kernels | undefined {
  const { WebAssembly } = globalThis as { WebAssembly?: WebAssemblyInterface };
  if (module === undefined) module = WebAssembly === undefined ? null : compile(WebAssembly);
  if (module === null || WebAssembly === undefined) return undefined;
  return new WebAssembly.Instance(module).exports as Kernels;
}

/** Bytes with instructions that the engine does not know do not compile. */
function compile({ Module }: WebAssemblyInterface): object | null {
  try {
    return new Module(Uint8Array.from(atob(wasmBytes), (character) => character.charCodeAt(0)));
  } catch {
    return null;
  }
}
