// How the cost of reading what people send grows with its size: the time for eight times as much, in that of a first part
// and eight. 1 is in proportion; 8 would be quadratic.
import { parseConfig } from "../../dist/config/index.js";
import { redactor, seeded } from "../../dist/model/index.js";
import { flatten, parseSearchSpace, samplePoint, toParameters, toPoint } from "../../dist/space/index.js";

const times = 8;

export function growth() {
  return {
    config: growthOf(3_000, refuseConfig),
    space: growthOf(1_000, searchSpace),
    secrets: growthOf(2_000, redact),
  };
}

function growthOf(size, work) {
  work(size);
  return bestOf(3, () => work(times * size)) / times / bestOf(3 * times, () => work(size));
}

function bestOf(rounds, work) {
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    work();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

/** A config of unknown keys, each of which is a fault with a place. */
function refuseConfig(keys) {
  const text = Array.from({ length: keys }, (_, n) => `k${n}: 1`).join("\n");
  try {
    parseConfig(text, { file: "experiment.yml", directory: ".", env: {}, tunerNames: [] });
  } catch {
    return;
  }
  throw new Error("unknown keys were not refused");
}

/** From JSON to a point of parameters and back, a fifth of them inside options. */
function searchSpace(dimensions) {
  const space = {};
  for (let i = 0; i < dimensions / 5; i++) {
    space[`lr${i}`] = { _type: "loguniform", _value: [1e-5, 1] };
    const units = { _type: "randint", _value: [0, 9] };
    const part = { _type: "quniform", _value: [0, 1, 0.1] };
    space[`layer${i}`] = { _type: "choice", _value: [{ _name: "a", units, part }, { _name: "b" }] };
    space[`act${i}`] = { _type: "choice", _value: ["relu", "tanh"] };
  }
  const flat = flatten(parseSearchSpace(space));
  toPoint(flat, toParameters(flat, samplePoint(flat, seeded(1))));
}

/** A megabyte of a log, with ever more secrets to look for: here 1/8 is for free. */
function redact(secrets) {
  const { redact: withoutSecrets } = redactor(
    Array.from({ length: secrets }, (_, index) => `token-${index}-${"x".repeat(30)}`),
  );
  withoutSecrets("a line of a log, without a secret in it. ".repeat(20_000));
}
