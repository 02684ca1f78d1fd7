import type { Example } from "./example.ts";
import { configText, searchSpaceText } from "./example.ts";

/** `runsTypeScript`: node takes .ts files as they are; else the trial is the same program in JavaScript. */
export function typescriptExample(runsTypeScript: boolean, packageVersion: string): Example {
  const trial = runsTypeScript ? "trial.ts" : "trial.js";
  return {
    files: {
      "config.yml": configText(`node ${trial}`),
      "search_space.json": searchSpaceText,
      "package.json": packageText(packageVersion),
      [trial]: trialText(trial, runsTypeScript),
    },
    needsPackage: true,
  };
}

function packageText(version: string): string {
  const content = {
    name: "polyphase-example",
    private: true,
    type: "module",
    dependencies: { polyphase: `^${version}` },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** Gives back a piece of type syntax, or nothing. */
type Types = (text: string) => string;

/** With types, or without. */
function trialText(name: string, typed: boolean): string {
  const type: Types = (text) => (typed ? text : "");
  return [loopText(name, type), dataText(type), networkText(type), randomText(type)].join("\n");
}

function loopText(name: string, type: Types): string {
  return `/**
 * Trains a small neural network to tell two interleaved half circles apart. The data is made once; then this one process
 * evaluates one configuration after the other, as the tuner proposes them.
 *
 * Try it without an experiment:  node ${name}
 */
import { phases } from "polyphase/trial";
${type(`
interface Parameters {
  hidden_units: number;
  learning_rate: number;
  momentum: number;
}

interface Point {
  x: number;
  y: number;
  /** 1 or -1. */
  label: number;
}

/** Weight of x, weight of y, bias, weight of the unit's output. */
type Unit = [number, number, number, number];
`)}
const defaults${type(": Parameters")} = { hidden_units: 4, learning_rate: 0.01, momentum: 0.5 };
const epochs = 15;
const train = halfCircles(200, random(1));
const test = halfCircles(200, random(2));

for await (const phase of phases${type("<Partial<Parameters>>")}()) {
  const { hidden_units, learning_rate, momentum } = { ...defaults, ...phase.parameters };
  const network = createNetwork(hidden_units);
  for (let epoch = 0; epoch < epochs; epoch++) {
    network.train(train, learning_rate, momentum);
    await phase.reportIntermediate(network.accuracy(test));
  }
  await phase.report(network.accuracy(test));
}
`;
}

function dataText(type: Types): string {
  return `function halfCircles(size${type(": number")}, draw${type(": () => number")})${type(": Point[]")} {
  return Array.from({ length: size }, (_, number) => {
    const angle = Math.PI * draw();
    const label = number % 2 === 0 ? 1 : -1;
    const x = Math.cos(angle) + (label < 0 ? 1 : 0) + 0.2 * normal(draw);
    const y = label * (Math.sin(angle) - 0.25) + 0.2 * normal(draw);
    return { x, y, label };
  });
}
`;
}

function networkText(type: Types): string {
  return `/** One hidden layer. */
function createNetwork(hiddenUnits${type(": number")}) {
  const draw = random(0);
  const units${type(": Unit[]")} = Array.from({ length: hiddenUnits }, () => [normal(draw), normal(draw), normal(draw), normal(draw)]);
  const speeds${type(": Unit[]")} = units.map(() => [0, 0, 0, 0]);
  const outputs = ({ x, y }${type(": Point")}) => units.map(([a, b, c]) => Math.tanh(a * x + b * y + c));
  const score = (hidden${type(": number[]")}) => units.reduce((sum, unit, i) => sum + unit[3] * hidden[i]${type("!")}, 0);
  return {
    train(points${type(": Point[]")}, learningRate${type(": number")}, momentum${type(": number")}) {
      for (const point of points) {
        const hidden = outputs(point);
        const error = Math.tanh(score(hidden)) - point.label;
        for (const [i, unit] of units.entries()) {
          const output = hidden[i]${type("!")};
          const speed = speeds[i]${type("!")};
          const inner = error * unit[3] * (1 - output * output);
          const slopes = [inner * point.x, inner * point.y, inner, error * output];
          for (const [place, slope] of slopes.entries()) {
            speed[place] = momentum * speed[place]${type("!")} - learningRate * slope;
            unit[place]${type("!")} += speed[place]${type("!")};
          }
        }
      }
    },
    accuracy(points${type(": Point[]")})${type(": number")} {
      return points.filter((point) => point.label * score(outputs(point)) > 0).length / points.length;
    },
  };
}
`;
}

function randomText(type: Types): string {
  return `/** Numbers of [0, 1), the same for the same seed. */
function random(seed${type(": number")})${type(": () => number")} {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

function normal(draw${type(": () => number")})${type(": number")} {
  return Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
}
`;
}
