import { readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, PolyphaseError, redactor, seal, sealedNames, unseal } from "../model/index.ts";
import type { ExperimentConfig, Json, Redactor, Secrets } from "../model/index.ts";
import { writeDurably } from "./home.ts";

/** The secrets of one experiment, in the hands of the manager that runs it. */
export interface Vault extends Pick<Redactor, "redact"> {
  /** The part of the sealed config with its secrets in it: for the moment in which it is used. */
  open<Part>(part: Part): Part;
  /** Keeps another secret, such as a token, out of all texts from now on. */
  hide(secret: string): void;
}

const fileName = "secrets.json";

/**
 * Takes the secrets out of a new experiment's config, and writes them down for a later manager. Durable when it returns: the
 * sealed config, which is worth nothing without them, may be journaled.
 */
export function sealIn(
  directory: string,
  config: ExperimentConfig,
): { readonly config: ExperimentConfig; readonly vault: Vault } {
  const { config: sealed, secrets } = seal(config);
  if (secrets.size > 0) {
    const content = JSON.stringify(Object.fromEntries(secrets), null, 2);
    writeDurably(join(directory, fileName), `${content}\n`);
  }
  return { config: sealed, vault: vaultOf(secrets) };
}

/** The secrets of an experiment that is there already. Throws `secrets-missing`, which says how to give them again. */
export function findSecrets(directory: string, config: ExperimentConfig): Vault {
  const names = sealedNames(config);
  if (names.length === 0) return vaultOf(new Map());
  const path = join(directory, fileName);
  const secrets = readSecrets(path, names);
  const missing = names.filter((name) => !secrets.has(name));
  if (missing.length > 0) throw secretsMissing(path, missing);
  return vaultOf(secrets);
}

/** The config as it was before it was sealed. Throws `secrets-missing`. */
export function openConfig(directory: string, config: ExperimentConfig): ExperimentConfig {
  const { open } = findSecrets(directory, config);
  const { tuner, assessor, trial, trainingService } = config;
  const names = sealedNames(config);
  return {
    ...config,
    tuner: open(tuner),
    assessor: open(assessor),
    trial: { ...trial, env: open(trial.env) },
    trainingService: { ...trainingService, options: open(trainingService.options) },
    ...(names.length === 0 ? {} : { secrets: names }),
  };
}

/** Errors that come from where secrets are in use: the same error, with none in its texts. */
export function redactError(error: unknown, redact: Redactor["redact"]): unknown {
  if (!(error instanceof Error)) return typeof error === "string" ? redact(error) : error;
  error.message = redact(error.message);
  if (error.stack !== undefined) error.stack = redact(error.stack);
  if (error.cause !== undefined) error.cause = redactError(error.cause, redact);
  const { hint } = error as { hint?: unknown };
  if (typeof hint === "string") Object.assign(error, { hint: redact(hint) });
  return error;
}

/** What no error about a config that is not sealed yet may show. */
export function redactorOf(config: ExperimentConfig): Redactor {
  return redactor([...seal(config).secrets.values()].map(String));
}

function vaultOf(secrets: Secrets): Vault {
  const { add, redact } = redactor([...secrets.values()].map(String));
  return {
    open: (part) => unseal(part as Json, secrets) as typeof part,
    hide: add,
    redact,
  };
}

function readSecrets(path: string, names: readonly string[]): Secrets {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw secretsMissing(path, names, cause);
  }
  const found = typeof content === "object" && content !== null ? Object.entries(content) : [];
  return new Map(found.filter((entry): entry is [string, string | number] => isLeaf(entry[1])));
}

function isLeaf(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number";
}

function secretsMissing(path: string, names: readonly string[], cause?: unknown): PolyphaseError {
  const example = JSON.stringify({ [names[0] as string]: "..." });
  const why = cause instanceof SyntaxError ? "is not JSON" : isNotThere(cause) ? "is not there" : undefined;
  const found = why ?? (cause === undefined ? "does not hold them all" : messageOf(cause));
  return new PolyphaseError(
    "secrets-missing",
    `the config's secrets are needed, and ${path} ${found}; missing: ${names.join(", ")}`,
    { cause, hint: `write that file again (mode 0600), as JSON: ${example}, then resume` },
  );
}

function isNotThere(cause: unknown): boolean {
  return (cause as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
}
