import { choice, loguniform, option, runExperiment, space, uniform } from "polyphase";
import { evaluate } from "./evaluate.ts";

const experiment = await runExperiment({
  space: space({
    model: choice(option("softmax", {}), option("mlp", { hidden: choice(8, 16, 32, 48) })),
    learning_rate: loguniform(0.0001, 10),
    momentum: uniform(0, 0.95),
    batch_size: choice(8, 16, 32),
  }),
  tuner: "TPE",
  optimizeMode: "maximize",
  objective: (phase) => evaluate(phase.parameters, (accuracy) => phase.reportIntermediate(accuracy)),
  onPhase: (phase) => console.log(`${phase.parameterId}: ${phase.objective?.toFixed(4) ?? phase.outcome}`),
  maxPhaseNum: 40,
  seed: 5,
});

const { best } = experiment;
console.log(`best accuracy ${best?.objective.toFixed(4)} with ${JSON.stringify(best?.parameters)}`);
