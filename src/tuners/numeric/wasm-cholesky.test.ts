import { afterEach, describe, expect, test, vi } from "vitest";
import { randomNormal, seeded } from "../../model/index.ts";
import { factorizePlainly } from "./plain-cholesky.ts";
import type { Block } from "./plain-products.ts";
import { invertPlainly, solvePlainly } from "./plain-triangular.ts";
import { factorizeInWasm, invertInWasm, solveInWasm } from "./wasm-cholesky.ts";
import { withKernels } from "./wasm-kernels.ts";

// Exact equality is asked for throughout: proposals must not depend on which of the two paths an engine takes.

const sizes = [1, 2, 3, 4, 5, 7, 8, 31, 63, 64, 65, 66, 67, 127, 129, 200, 261];
const block = (cells: Float64Array, stride: number): Block => ({ cells, at: 0, down: stride, right: 1 });

function expectSameBits(found: Float64Array, wanted: Float64Array): void {
  expect(found).toHaveLength(wanted.length);
  expect(found.findIndex((each, at) => !Object.is(each, wanted[at]))).toBe(-1);
}

function noise(length: number, seed: number): Float64Array {
  const random = seeded(seed);
  return Float64Array.from({ length }, () => randomNormal(random));
}

/** A matrix of every scale, its rows and columns multiplied by numbers from 1e-6 to 1e6, with NaN wherever nobody may look. */
function positiveDefinite(n: number, stride: number): Float64Array {
  const g = noise(n * n, n + 1);
  const scales = noise(n, 3).map((x) => 10 ** Math.max(-6, Math.min(6, 3 * x)));
  const matrix = new Float64Array(n * stride).fill(NaN);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let cell = i === j ? 1 : 0;
      for (let k = 0; k < n; k++) cell += g[i * n + k]! * g[j * n + k]!;
      matrix[i * stride + j] = cell * scales[i]! * scales[j]!;
    }
  return matrix;
}

function factorOf(n: number, stride: number): Float64Array {
  const factor = positiveDefinite(n, stride);
  expect(factorizePlainly(block(factor, stride), n)).toBe(true);
  return factor;
}

describe.each(sizes)("%i rows", (n) => {
  const stride = n + 3;

  test("the factor has the same bits", () => {
    const a = positiveDefinite(n, stride);
    expect(factorizeInWasm({ cells: a, stride }, n)).toBe(true);
    expectSameBits(a, factorOf(n, stride));
  });

  test("the same matrices are refused", () => {
    const sound = positiveDefinite(n, stride);
    for (const spoilt of new Set([0, n >> 1, n - 1]))
      for (const pivot of [-1, 0, NaN, Infinity]) {
        const a = sound.slice();
        a[spoilt * (stride + 1)] = pivot;
        expect(factorizeInWasm({ cells: a, stride }, n)).toBe(false);
      }
  });

  test.each([1, 2, 3, 4, 5, 8, 11, 64])("solutions for %i right-hand sides have the same bits", (columns) => {
    const l = factorOf(n, stride);
    const b = noise(n * columns, 7);
    const [forwards, backwards] = [b.slice(), b.slice()];
    solvePlainly(block(l, stride), block(forwards, columns), { n, columns });
    solvePlainly(
      { cells: l, at: (n - 1) * (stride + 1), down: -1, right: -stride },
      { cells: backwards, at: (n - 1) * columns, down: -columns, right: 1 },
      { n, columns },
    );
    for (const [way, wanted] of [
      ["forwards", forwards],
      ["backwards", backwards],
    ] as const) {
      const x = b.slice();
      expect(solveInWasm({ cells: l, stride }, { cells: x, stride: columns }, n, way)).toBe(true);
      expectSameBits(x, wanted);
    }
  });

  test("the inverse has the same bits", () => {
    const l = factorOf(n, stride);
    const [plain, inWasm] = [new Float64Array(n * stride), new Float64Array(n * stride)];
    invertPlainly(block(l, stride), block(plain, stride), n);
    expect(invertInWasm({ cells: l, stride }, { cells: inWasm, stride }, n)).toBe(true);
    expectSameBits(inWasm, plain);
  });
});

test("zeros keep their signs", () => {
  const n = 20;
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) l[i * (n + 1)] = 2;
  const b = Float64Array.from({ length: n * 8 }, (_, at) => (at % 3 === 0 ? -0 : 0));
  const [plain, inWasm] = [b.slice(), b.slice()];
  solvePlainly(block(l, n), block(plain, 8), { n, columns: 8 });
  solveInWasm({ cells: l, stride: n }, { cells: inWasm, stride: 8 }, n, "forwards");
  expectSameBits(inWasm, plain);
  const inverses = [new Float64Array(n * n), new Float64Array(n * n)] as const;
  invertPlainly(block(l, n), block(inverses[0], n), n);
  invertInWasm({ cells: l, stride: n }, { cells: inverses[1], stride: n }, n);
  expectSameBits(inverses[1], inverses[0]);
});

describe("memory", () => {
  test("what cannot be had is refused, and the kernels go on", () => {
    expect(withKernels(2 ** 31, () => true)).toBe(undefined);
    expect(factorizeInWasm({ cells: Float64Array.of(4), stride: 1 }, 1)).toBe(true);
  });

  test("much of it is not kept", () => {
    const much = 9_000_000;
    expect(withKernels(much, ({ memory }) => memory.buffer.byteLength)).toBeGreaterThan(8 * much);
    expect(withKernels(16, ({ memory }) => memory.buffer.byteLength)).toBeLessThan(1_000_000);
  });
});

describe("where it is missing, the plain path is taken", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  test.each([
    ["WebAssembly", undefined],
    [
      "SIMD",
      {
        Module: class {
          constructor() {
            throw new SyntaxError("unknown instruction");
          }
        },
      },
    ],
  ])("%s", async (_name, stub) => {
    vi.resetModules();
    vi.stubGlobal("WebAssembly", stub);
    const { withKernels } = await import("./wasm-kernels.ts");
    expect(withKernels(1, () => true)).toBe(undefined);
    const { factorize, invert, solveLower } = await import("./cholesky.ts");
    const [n, columns] = [40, 9];
    const a = positiveDefinite(n, n);
    expect(factorize(a, n, n)).toBe(true);
    expectSameBits(a, factorOf(n, n));
    const x = noise(n * columns, 4);
    const wanted = x.slice();
    solveLower(a, n, n, x, columns);
    solvePlainly(block(a, n), block(wanted, columns), { n, columns });
    expectSameBits(x, wanted);
    const inverse = new Float64Array(n * n);
    invert(a, n, n, inverse);
    expect(inverse[0]).toBeGreaterThan(0);
  });
});
