// The matrices under Gaussian processes: the SIMD kernels with all copies, the plain path, and ml-matrix, which knows no Float64Array.
import { factorizePlainly } from "../../dist/tuners/numeric/plain-cholesky.js";
import { invertPlainly, solvePlainly } from "../../dist/tuners/numeric/plain-triangular.js";
import { factorizeInWasm, invertInWasm, solveInWasm } from "../../dist/tuners/numeric/wasm-cholesky.js";

const block = (cells, stride) => ({ cells, at: 0, down: stride, right: 1 });

/** Milliseconds of processor time, best of `rounds`, for each size and contestant. `Peer` is ml-matrix, or undefined. */
export function cholesky({ sizes = [50, 100, 300, 1_000], columns = 64, rounds = 5 }, Peer) {
  return sizes.map((n) => {
    const matrix = correlations(n);
    const factor = matrix.slice();
    if (!factorizePlainly(block(factor, n), n)) throw new Error("this matrix has a factor");
    const sides = new Float64Array(n * columns).fill(1);
    const cubes = { rounds, repeat: Math.max(1, Math.floor(3e7 / n ** 3)) };
    const squares = { rounds, repeat: Math.max(1, Math.floor(3e7 / (n * n * columns))) };
    return {
      n,
      columns,
      factorize: race(cubes, factorizers(matrix, n, Peer)),
      solve: race(squares, solvers({ matrix, factor, sides, n, columns }, Peer)),
      invert: race(cubes, inverters(factor, n)),
    };
  });
}

function factorizers(matrix, n, Peer) {
  const work = matrix.slice();
  const peer = Peer && new Peer.Matrix(rowsOf(matrix, n));
  return {
    wasm: () => (work.set(matrix), factorizeInWasm({ cells: work, stride: n }, n)),
    plain: () => (work.set(matrix), factorizePlainly(block(work, n), n)),
    peer: peer && (() => new Peer.CholeskyDecomposition(peer)),
  };
}

/** L L^T X = B: both triangles. */
function solvers({ matrix, factor, sides, n, columns }, Peer) {
  const x = sides.slice();
  const size = { n, columns };
  const backwards = { cells: factor, at: n * n - 1, down: -1, right: -n };
  const bottom = { cells: x, at: (n - 1) * columns, down: -columns, right: 1 };
  const peer = Peer && new Peer.CholeskyDecomposition(new Peer.Matrix(rowsOf(matrix, n)));
  const peerSides = Peer && Peer.Matrix.ones(n, columns);
  return {
    wasm: () => {
      x.set(sides);
      for (const way of ["forwards", "backwards"])
        solveInWasm({ cells: factor, stride: n }, { cells: x, stride: columns }, n, way);
    },
    plain: () => {
      x.set(sides);
      solvePlainly(block(factor, n), block(x, columns), size);
      solvePlainly(backwards, bottom, size);
    },
    peer: peer && (() => peer.solve(peerSides)),
  };
}

function inverters(factor, n) {
  const inverse = new Float64Array(n * n);
  return {
    wasm: () => invertInWasm({ cells: factor, stride: n }, { cells: inverse, stride: n }, n),
    plain: () => invertPlainly(block(factor, n), block(inverse, n), n),
  };
}

/** The contestants take turns, so that a busy spell of the machine meets all of them. */
function race({ rounds, repeat }, contestants) {
  const running = Object.entries(contestants).filter(([, run]) => run !== undefined);
  const best = Object.fromEntries(running.map(([name]) => [name, Infinity]));
  for (let round = 0; round < rounds; round++)
    for (const [name, run] of running) {
      const start = process.cpuUsage();
      for (let k = 0; k < repeat; k++) run();
      const { user, system } = process.cpuUsage(start);
      best[name] = Math.min(best[name], (user + system) / 1000 / repeat);
    }
  return best;
}

/** Neighbours on a line, with noise on the diagonal. */
function correlations(n) {
  const near = (i, j) => Math.exp(-Math.abs(i - j) / 10) + (i === j ? 1 : 0);
  return Float64Array.from({ length: n * n }, (_, at) => near(Math.floor(at / n), at % n));
}

function rowsOf(matrix, n) {
  return Array.from({ length: n }, (_, i) => [...matrix.subarray(i * n, (i + 1) * n)]);
}
