import { loadDigits } from "./digits.ts";
import { createNetwork } from "./network.ts";
import { seeded } from "./random.ts";

/** What the tuner chooses. The same names as in search_space.json. */
export interface Parameters {
  readonly model: { readonly _name: "softmax" } | { readonly _name: "mlp"; readonly hidden: number };
  readonly learning_rate: number;
  readonly momentum: number;
  readonly batch_size: number;
}

const epochs = 10;
const { training, validation } = loadDigits(1200);

/**
 * Trains one network and gives its best validation accuracy. The same parameters always give the same result.
 * @param report called after each epoch with the validation accuracy, and awaited
 */
export async function evaluate(
  parameters: Parameters,
  report: (accuracy: number) => unknown,
): Promise<number> {
  const { model, learning_rate: learningRate, momentum, batch_size: batchSize } = parameters;
  const hidden = model._name === "mlp" ? [model.hidden] : [];
  const network = createNetwork([64, ...hidden, 10], seeded(1));
  let best = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    network.trainEpoch(training, { learningRate, momentum, batchSize });
    const accuracy = network.accuracy(validation);
    await report(accuracy);
    best = Math.max(best, accuracy);
  }
  return best;
}
