import type { Example } from "./digits.ts";
import { normal, shuffle } from "./random.ts";
import type { Random } from "./random.ts";

/** Weights from each input (column) to each neuron (row), row by row; the last column is the bias. */
interface Layer {
  readonly inputs: number;
  readonly neurons: number;
  readonly weights: Float64Array;
  readonly gradient: Float64Array;
  readonly velocity: Float64Array;
  /** What the neurons gave last, and how wrong that was. */
  readonly outputs: Float64Array;
  readonly errors: Float64Array;
}

export interface Descent {
  readonly learningRate: number;
  readonly momentum: number;
  readonly batchSize: number;
}

export interface Network {
  /** Shows every example once, in a new order, and goes down the gradient of the cross entropy. */
  trainEpoch(examples: readonly Example[], descent: Descent): void;
  /** Share of the examples that are recognised, from 0 to 1. */
  accuracy(examples: readonly Example[]): number;
}

/**
 * ReLU layers with a softmax on top.
 * @param sizes how many inputs, then how many neurons in each layer; `[64, 10]` is plain softmax regression
 */
export function createNetwork(sizes: readonly number[], random: Random): Network {
  const layers = sizes.slice(1).map((neurons, depth) => createLayer(sizes[depth] ?? 0, neurons, random));
  return {
    trainEpoch(examples, descent) {
      const order = shuffle([...examples], random);
      for (let start = 0; start < order.length; start += descent.batchSize) {
        const batch = order.slice(start, start + descent.batchSize);
        for (const example of batch) addGradient(layers, example);
        for (const layer of layers) descend(layer, descent.learningRate / batch.length, descent.momentum);
      }
    },
    accuracy(examples) {
      const right = examples.filter(({ inputs, label }) => {
        const scores = forward(layers, inputs);
        return scores.indexOf(Math.max(...scores)) === label;
      });
      return right.length / examples.length;
    },
  };
}

function createLayer(inputs: number, neurons: number, random: Random): Layer {
  const size = neurons * (inputs + 1);
  const isBias = (at: number): boolean => at % (inputs + 1) === inputs;
  return {
    inputs,
    neurons,
    weights: Float64Array.from({ length: size }, (_, at) =>
      isBias(at) ? 0 : normal(random) * Math.sqrt(2 / inputs),
    ),
    gradient: new Float64Array(size),
    velocity: new Float64Array(size),
    outputs: new Float64Array(neurons),
    errors: new Float64Array(neurons),
  };
}

/** Fills the outputs of all layers. Gives those on top, before the softmax. */
function forward(layers: readonly Layer[], inputs: Float64Array): Float64Array {
  let x = inputs;
  for (const layer of layers) {
    const isTop = layer === layers.at(-1);
    for (let neuron = 0; neuron < layer.neurons; neuron++) {
      const row = neuron * (layer.inputs + 1);
      let sum = layer.weights[row + layer.inputs];
      for (let i = 0; i < layer.inputs; i++) sum += layer.weights[row + i] * x[i];
      layer.outputs[neuron] = isTop ? sum : Math.max(0, sum);
    }
    x = layer.outputs;
  }
  return x;
}

/** Backpropagation of one example. */
function addGradient(layers: readonly Layer[], { inputs, label }: Example): void {
  const top = layers[layers.length - 1];
  top.errors.set(softmax(forward(layers, inputs)));
  top.errors[label] -= 1;
  for (let depth = layers.length - 1; depth >= 0; depth--) {
    const layer = layers[depth];
    const below: Layer | undefined = layers[depth - 1];
    addOuterProduct(layer, below?.outputs ?? inputs);
    if (below) passErrorsOn(layer, below);
  }
}

function addOuterProduct({ gradient, errors, inputs }: Layer, x: Float64Array): void {
  errors.forEach((error, neuron) => {
    if (error === 0) return;
    const row = neuron * (inputs + 1);
    for (let i = 0; i < inputs; i++) gradient[row + i] += error * x[i];
    gradient[row + inputs] += error;
  });
}

function passErrorsOn(layer: Layer, below: Layer): void {
  for (let i = 0; i < layer.inputs; i++) {
    let sum = 0;
    for (let neuron = 0; neuron < layer.neurons; neuron++) {
      sum += layer.errors[neuron] * layer.weights[neuron * (layer.inputs + 1) + i];
    }
    below.errors[i] = below.outputs[i] > 0 ? sum : 0;
  }
}

/** One step of gradient descent with momentum; the gradient starts again from zero. */
function descend({ weights, velocity, gradient }: Layer, step: number, momentum: number): void {
  for (let i = 0; i < weights.length; i++) {
    velocity[i] = momentum * velocity[i] - step * gradient[i];
    weights[i] += velocity[i];
  }
  gradient.fill(0);
}

function softmax(scores: Float64Array): Float64Array {
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
