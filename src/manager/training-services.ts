import { PolyphaseError } from "../model/index.ts";
import type { ExperimentConfig, JsonObject, TrainingService } from "../model/index.ts";
import type { Vault } from "./secrets.ts";

/** SIGTERM to SIGKILL, at most; a shorter grace period of the experiment holds here too. */
const longestKillGraceMs = 10_000;

type Open = (config: ExperimentConfig, options: JsonObject, vault: Vault) => Promise<TrainingService>;

/** Platform name → service, made with its own options. Each is loaded only where it is used. */
const services: Record<string, Open> = {
  async local(config, options, { redact }) {
    const { localTrainingService } = await import("../training/local/index.ts");
    const gracePeriodMs = Math.min(config.gracePeriodMs, longestKillGraceMs);
    return localTrainingService({ gracePeriodMs, ...options, redact });
  },
};

export async function openTrainingService(config: ExperimentConfig, vault: Vault): Promise<TrainingService> {
  const { platform, options } = config.trainingService;
  const open = services[platform];
  if (open) return open(config, vault.open(options), vault);
  throw new PolyphaseError(
    "unknown-training-service",
    `trainingServicePlatform: expected one of ${Object.keys(services).join(", ")}, got ${platform}`,
  );
}
