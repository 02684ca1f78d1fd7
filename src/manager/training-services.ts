import { PolyphaseError } from "../model/index.ts";
import type { ExperimentConfig, TrainingService } from "../model/index.ts";

/** SIGTERM to SIGKILL, at most; a shorter grace period of the experiment holds here too. */
const longestKillGraceMs = 10_000;

/** Platform name → service. Each is loaded only where it is used. */
const services: Record<string, (config: ExperimentConfig) => Promise<TrainingService>> = {
  async local(config) {
    const { localTrainingService } = await import("../training/local/index.ts");
    const gracePeriodMs = Math.min(config.gracePeriodMs, longestKillGraceMs);
    return localTrainingService({ gracePeriodMs, ...config.trainingService.options });
  },
};

export async function openTrainingService(config: ExperimentConfig): Promise<TrainingService> {
  const open = services[config.trainingService.platform];
  if (open) return open(config);
  throw new PolyphaseError(
    "unknown-training-service",
    `trainingServicePlatform: expected one of ${Object.keys(services).join(", ")}, got ${config.trainingService.platform}`,
  );
}
