import { describe, expect, test } from "vitest";
import type { ParameterSpec } from "../../model/index.ts";
import { seeded } from "../../model/index.ts";
import { flatten } from "../../space/index.ts";
import { ageWeights } from "../tpe/age-weights.ts";
import { type ModelAxis, modelAxis } from "../axis.ts";
import { createCandidates, logDensities } from "./kernel-density.ts";
import { drawFromMixture } from "./kernel-draw.ts";
import { type KernelMixture, fitMixture } from "./kernel-mixture.ts";
import { type KernelTable, appendRow, createKernelTable } from "./kernel-table.ts";

interface Estimator {
  readonly axis: ModelAxis;
  readonly table: KernelTable;
  readonly mixture: KernelMixture;
  logDensity(values: readonly number[]): number[];
}

/** The estimator of one parameter from observed values. */
function estimate(spec: ParameterSpec, observations: readonly number[]): Estimator {
  const axis = modelAxis(flatten({ x: spec }).dimensions[0]!);
  const table = createKernelTable([axis.kernel]);
  for (const value of observations) appendRow(table, [axis.toModel(value)]);
  const members = Int32Array.from(observations.keys());
  const mixture = fitMixture(table, members, ageWeights(members.length), 1);
  const logDensity = (values: readonly number[]): number[] => {
    const candidates = createCandidates(values.length, 1);
    for (const [c, value] of values.entries()) {
      candidates.at[c] = axis.toModel(value);
      [candidates.lower[c], candidates.upper[c]] = axis.cell(value);
    }
    return [...logDensities(table, mixture, candidates)];
  };
  return { axis, table, mixture, logDensity };
}

const closeTo = (values: readonly number[]): unknown[] => values.map((value) => expect.closeTo(value, 6));

describe("the Parzen estimator gives the numbers of Optuna 5", () => {
  test("for a uniform parameter", () => {
    const estimator = estimate({ _type: "uniform", _value: [0, 1] }, [0.1, 0.4, 0.45, 0.9]);
    expect([...estimator.table.sigma.slice(0, 4)]).toEqual(closeTo([0.3, 0.3, 0.45, 0.45]));
    expect([...estimator.mixture.weights]).toEqual(closeTo([0.2, 0.2, 0.2, 0.2, 0.2]));
    expect(estimator.logDensity([0, 0.25, 0.42, 1])).toEqual(
      closeTo([-0.108919, 0.157254, 0.153833, -0.430365]),
    );
  });

  test("for integers, as masses that sum to 1", () => {
    const estimator = estimate({ _type: "randint", _value: [1, 6] }, [1, 3, 3, 5]);
    expect([...estimator.table.sigma.slice(0, 4)]).toEqual(closeTo([0.4, 0.4, 0.4, 0.4]));
    const logs = estimator.logDensity([1, 2, 3, 4, 5]);
    expect(logs).toEqual(closeTo([-1.733959, -1.554483, -1.495061, -1.554483, -1.733959]));
    expect(logs.reduce((sum, log) => sum + Math.exp(log), 0)).toBeCloseTo(1, 9);
  });

  test("for a choice", () => {
    const estimator = estimate({ _type: "choice", _value: ["a", "b", "c"] }, [0, 0, 2]);
    expect(estimator.mixture.hit[0]).toBeCloseTo(0.714286, 6);
    expect(estimator.mixture.miss[0]).toBeCloseTo(0.142857, 6);
    expect(estimator.logDensity([0, 1, 2])).toEqual(closeTo([-0.741937, -1.658228, -1.098612]));
  });

  test("for a logarithmic parameter, where the narrowest bandwidth is a quarter of the range", () => {
    const estimator = estimate({ _type: "loguniform", _value: [1e-5, 1] }, [1e-4, 1e-3]);
    const range = Math.log(1e5);
    expect(estimator.table.sigma[0]! * range).toBeCloseTo(2.878231, 6);
    expect(estimator.table.sigma[1]! * range).toBeCloseTo(2.878231, 6);
  });
});

describe("masses of a grid sum to 1", () => {
  test.each<readonly [ParameterSpec, readonly number[], readonly number[]]>([
    [{ _type: "quniform", _value: [2, 10, 5] }, [2, 5, 5], [2, 5, 10]],
    [{ _type: "quniform", _value: [1, 10, 4] }, [1, 8], [1, 4, 8]],
    [{ _type: "quniform", _value: [0, 11, 4] }, [11, 11, 11], [0, 4, 8, 11]],
    [{ _type: "qloguniform", _value: [1, 20, 5] }, [1, 20], [1, 5, 10, 15, 20]],
  ])("%j", (spec, observations, values) => {
    const logs = estimate(spec, observations).logDensity(values);
    expect(logs.reduce((sum, log) => sum + Math.exp(log), 0)).toBeCloseTo(1, 9);
  });

  test("also of an unbounded one", () => {
    const steps = Array.from({ length: 81 }, (_, i) => 2 * (i - 40));
    const logs = estimate({ _type: "qnormal", _value: [0, 5, 2] }, [0, 4, -6]).logDensity(steps);
    expect(logs.reduce((sum, log) => sum + Math.exp(log), 0)).toBeCloseTo(1, 9);
  });
});

test("draws follow the density", () => {
  const values = [1, 2, 3, 4, 5];
  const { axis, table, mixture, logDensity } = estimate({ _type: "randint", _value: [1, 6] }, [1, 2, 2]);
  const random = seeded(3);
  const out = new Float64Array(1);
  const counts = new Map<number, number>();
  for (let i = 0; i < 20_000; i++) {
    drawFromMixture(table, mixture, random, out);
    const value = axis.toValue(out[0]!);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  for (const [i, log] of logDensity(values).entries())
    expect((counts.get(values[i]!) ?? 0) / 20_000).toBeCloseTo(Math.exp(log), 1.7);
});

test("leaving hopeless kernels early changes nothing that a double shows", () => {
  const axes = Array.from({ length: 12 }, () =>
    modelAxis(flatten({ x: { _type: "uniform", _value: [0, 1] } }).dimensions[0]!),
  );
  const table = createKernelTable(axes.map(({ kernel }) => kernel));
  const random = seeded(9);
  const draw = (): Float64Array => Float64Array.from(axes, () => random.next());
  for (let i = 0; i < 150; i++) appendRow(table, draw());
  const members = Int32Array.from({ length: 150 }, (_, i) => i);
  const mixture = fitMixture(table, members, ageWeights(150), 1);
  const candidates = createCandidates(5, 12);
  candidates.at.set(
    Array.from({ length: 5 }, (_, c) => [...(c === 0 ? table.at.slice(0, 12) : draw())]).flat(),
  );
  const plain = Array.from({ length: 5 }, (_, c) => {
    const point = candidates.at.subarray(12 * c, 12 * c + 12);
    const logs = [...members].map((row, i) =>
      point.reduce(
        (log, x, j) => log - 0.5 * ((x - table.at[row * 12 + j]!) * table.inverse[row * 12 + j]!) ** 2,
        mixture.constants[i]!,
      ),
    );
    logs.push(point.reduce((log, x) => log - 0.5 * (x - 0.5) ** 2, mixture.constants[150]!));
    const largest = Math.max(...logs);
    return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0));
  });
  for (const [c, log] of logDensities(table, mixture, candidates).entries())
    expect(log).toBeCloseTo(plain[c]!, 10);
});
