import { describe, expect, test } from "vitest";
import { seeded } from "../../model/index.ts";
import { createObjective, fitHyperparameters, plainHyperparameters } from "./fit.ts";
import type { Layout } from "./layout.ts";
import { type Smoothness, matern } from "./matern.ts";
import { type GaussianProcess, createGaussianProcess } from "./model.ts";
import type { Posterior } from "./slopes.ts";

/** Two number terms, one of them with two columns, and a name. */
const mixed: Layout = { numbers: 3, names: 1, termOf: [0, 1, 1, 2], terms: 3 };
const line: Layout = { numbers: 1, names: 0, termOf: [0], terms: 1 };

function randomRows(count: number, seed = 1): Float64Array {
  const random = seeded(seed);
  return Float64Array.from({ length: 4 * count }, (_, at) =>
    at % 4 === 3 ? Math.floor(3 * random.next()) : random.next(),
  );
}

const hyperparameters = { weights: Float64Array.of(4, 2, 0.5), scale: 1.5, noise: 0.01 };

function mixedProcess(count: number, nu: Smoothness = 2.5): GaussianProcess {
  const process = createGaussianProcess({
    layout: mixed,
    nu,
    hyperparameters,
    rows: randomRows(count),
    count,
  });
  process.setTargets(targetsOf(count));
  return process;
}

const targetsOf = (count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => Math.sin(3 * i) + 0.1 * i);

function predictOne(process: GaussianProcess, row: Float64Array): readonly [mean: number, variance: number] {
  const [mean, variance] = [new Float64Array(1), new Float64Array(1)];
  process.predict(row, 1, mean, variance);
  return [mean[0]!, variance[0]!];
}

const emptyPosterior = (numbers: number): Posterior => ({
  mean: NaN,
  variance: NaN,
  meanSlope: new Float64Array(numbers),
  varianceSlope: new Float64Array(numbers),
});

describe("the Matern correlation", () => {
  test("5/2 has the values of the reference", () => {
    const squares = Float64Array.of(0, 0.01, 0.25, 1, 4);
    matern(2.5, squares, 5);
    for (const [i, value] of [1, 0.991759, 0.828649, 0.523994, 0.13866].entries())
      expect(squares[i]).toBeCloseTo(value, 6);
  });

  test.each([0.5, 1.5, 2.5] as const)("%d has the slopes of its differences", (nu) => {
    for (const square of [0.01, 0.3, 1, 5]) {
      const [at, slopes] = [Float64Array.of(square), new Float64Array(1)];
      const around = Float64Array.of(square - 1e-6, square + 1e-6);
      matern(nu, at, 1, slopes);
      matern(nu, around, 2);
      expect(slopes[0]).toBeCloseTo((around[1]! - around[0]!) / 2e-6, 6);
    }
  });
});

test("four observations on a line: mean, variance and likelihood of the reference", () => {
  const process = createGaussianProcess({
    layout: line,
    nu: 2.5,
    hyperparameters: { weights: Float64Array.of(4), scale: 1, noise: 1e-6 },
    rows: Float64Array.of(0, 0.3, 0.7, 1),
    count: 4,
  });
  process.setTargets(Float64Array.of(-1, 0.5, 1, -0.5));
  const [mean, variance] = predictOne(process, Float64Array.of(0.5));
  expect(mean).toBeCloseTo(1.185553, 5);
  expect(variance).toBeCloseTo(0.031452, 5);
  const withoutConstant = process.logMarginalLikelihood() + 2 * Math.log(2 * Math.PI);
  expect(withoutConstant).toBeCloseTo(-2.992977, 5);
});

describe("a process", () => {
  test("appended row by row, past its capacity, predicts as one that knew all rows at once", () => {
    const [whole, grown] = [mixedProcess(60), mixedProcess(8)];
    const rows = randomRows(60);
    for (let i = 8; i < 60; i++) expect(grown.append(rows.subarray(4 * i, 4 * i + 4))).toBe(true);
    grown.setTargets(targetsOf(60));
    const row = Float64Array.of(0.4, 0.2, 0.9, 1);
    const [one, other] = [predictOne(whole, row), predictOne(grown, row)];
    expect(other[0]).toBeCloseTo(one[0], 10);
    expect(other[1]).toBeCloseTo(one[1], 10);
  });

  test("forgets rows as if they had never been", () => {
    const process = mixedProcess(12);
    const row = Float64Array.of(0.4, 0.2, 0.9, 1);
    const before = predictOne(process, row);
    process.append(row);
    process.truncate(12);
    process.setTargets(targetsOf(12));
    expect(predictOne(process, row)).toEqual(before);
  });

  test.each([0.5, 1.5, 2.5] as const)("%d: slopes are those of differences", (nu) => {
    const process = mixedProcess(15, nu);
    const row = Float64Array.of(0.31, 0.52, 0.17, 2);
    const posterior = emptyPosterior(3);
    process.posterior(row, posterior);
    const [mean, variance] = predictOne(process, row);
    expect(posterior.mean).toBeCloseTo(mean, 12);
    expect(posterior.variance).toBeCloseTo(variance, 12);
    for (let c = 0; c < 3; c++) {
      const [up, down] = [row.slice(), row.slice()];
      up[c]! += 1e-6;
      down[c]! -= 1e-6;
      const [above, below] = [predictOne(process, up), predictOne(process, down)];
      expect(posterior.meanSlope[c]).toBeCloseTo((above[0] - below[0]) / 2e-6, 5);
      expect(posterior.varianceSlope[c]).toBeCloseTo((above[1] - below[1]) / 2e-6, 5);
    }
  });

  test("whitens as it predicts", () => {
    const process = mixedProcess(10);
    const points = randomRows(5, 9);
    const [mean, variance] = [new Float64Array(5), new Float64Array(5)];
    process.predict(points, 5, mean, variance);
    const table = new Float64Array(50);
    table.set(process.whiten(points, 5).subarray(0, 20));
    for (let i = 4; i < 10; i++) process.whitenNext(i, points, 5, table);
    for (let c = 0; c < 5; c++) {
      const column = Float64Array.from({ length: 10 }, (_, i) => table[5 * i + c]!);
      const explained = column.reduce((sum, each) => sum + each * each, 0);
      expect(process.scale - explained).toBeCloseTo(variance[c]!, 10);
      expect(column.reduce((sum, each, i) => sum + each * process.whitened[i]!, 0)).toBeCloseTo(mean[c]!, 10);
    }
  });

  test("tells what it would say of a row that it did not know", () => {
    const { mean, variance } = mixedProcess(12).leaveOneOut();
    const [rows, targets] = [randomRows(12), targetsOf(12)];
    for (const left of [0, 5, 11]) {
      const kept = [...Array(12).keys()].filter((i) => i !== left);
      const without = createGaussianProcess({
        layout: mixed,
        nu: 2.5,
        hyperparameters,
        rows: Float64Array.from(kept.flatMap((i) => [...rows.subarray(4 * i, 4 * i + 4)])),
        count: 11,
      });
      without.setTargets(Float64Array.from(kept, (i) => targets[i]!));
      const [expected, spread] = predictOne(without, rows.subarray(4 * left, 4 * left + 4));
      expect(mean[left]).toBeCloseTo(expected, 8);
      expect(variance[left]).toBeCloseTo(spread + hyperparameters.noise, 8);
    }
  });

  test("fits the observations less their noise", () => {
    const process = mixedProcess(12);
    const rows = randomRows(12);
    const fitted = process.fitted();
    for (let i = 0; i < 12; i++)
      expect(fitted[i]).toBeCloseTo(predictOne(process, rows.subarray(4 * i, 4 * i + 4))[0], 10);
  });

  test("takes the same row often, also without noise", () => {
    const process = createGaussianProcess({
      layout: line,
      nu: 2.5,
      hyperparameters: { weights: Float64Array.of(1), scale: 1, noise: 0 },
      rows: new Float64Array(6).fill(0.5),
      count: 6,
    });
    expect(process.jitter).toBeGreaterThan(0);
    process.setTargets(new Float64Array(6).fill(2));
    expect(predictOne(process, Float64Array.of(0.5))[0]).toBeCloseTo(2, 3);
  });
});

describe("the fit", () => {
  const data = (count: number) => ({
    layout: mixed,
    nu: 2.5 as const,
    rows: randomRows(count),
    targets: targetsOf(count),
    leastNoise: 1e-6,
  });

  test("has the gradient of its differences", () => {
    const objective = createObjective(data(14));
    const at = Float64Array.of(0.3, -0.7, 0.2, 0.1, -3);
    const gradient = new Float64Array(5);
    const scratch = new Float64Array(5);
    objective(at, gradient);
    for (let t = 0; t < 5; t++) {
      const [up, down] = [at.slice(), at.slice()];
      up[t]! += 1e-5;
      down[t]! -= 1e-5;
      const difference = (objective(up, scratch) - objective(down, scratch)) / 2e-5;
      expect(gradient[t]).toBeCloseTo(difference, 5);
    }
  });

  test("finds which terms matter, and little noise where there is none", () => {
    const rows = randomRows(60, 3);
    const raw = Float64Array.from(
      { length: 60 },
      (_, i) => Math.sin(6 * rows[4 * i]!) + Number(rows[4 * i + 3] === 1),
    );
    const mean = raw.reduce((sum, each) => sum + each, 0) / 60;
    const spread = Math.sqrt(raw.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 60);
    const targets = raw.map((each) => (each - mean) / spread);
    const found = fitHyperparameters({ ...data(60), rows, targets }, [plainHyperparameters(mixed, 1e-6)]);
    expect(found.weights[0]).toBeGreaterThan(10 * found.weights[1]!);
    expect(found.weights[2]).toBeGreaterThan(2 * found.weights[1]!);
    expect(found.noise).toBeLessThan(1e-2);
  });

  test("finds noise where there is noise", () => {
    const random = seeded(4);
    const targets = Float64Array.from({ length: 60 }, () => 2 * random.next() - 1);
    const found = fitHyperparameters({ ...data(60), targets }, [plainHyperparameters(mixed, 1e-6)]);
    expect(found.noise).toBeGreaterThan(0.05);
  });
});
