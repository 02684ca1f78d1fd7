import { phases } from "polyphase/trial";
import { evaluate } from "./evaluate.ts";
import type { Parameters } from "./evaluate.ts";

const defaults: Parameters = {
  model: { _name: "mlp", hidden: 16 },
  learning_rate: 0.05,
  momentum: 0.9,
  batch_size: 16,
};

// One process, many phases: the digits are loaded once, then one network after the other is trained.
for await (const phase of phases<Partial<Parameters>>()) {
  const parameters = { ...defaults, ...phase.parameters };
  const accuracy = await evaluate(parameters, (value) => phase.reportIntermediate(value));
  await phase.report(accuracy);
}
