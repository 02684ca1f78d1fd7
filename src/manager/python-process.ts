import { mkdirSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { AlgorithmRole, ProcessPlan } from "../experiment/index.ts";
import type { CustomAlgorithm, ExperimentConfig, JsonObject } from "../model/index.ts";
import { compiledModule } from "./compiled-module.ts";

/** What the process of a Python class has to know of its experiment. */
export interface PythonSurroundings {
  readonly experimentId: string;
  /** Of the experiment, or another one where it may leave its logs. */
  readonly directory: string;
  readonly config: Pick<ExperimentConfig, "multiPhase" | "multiThread" | "trialConcurrency" | "logLevel">;
  /** Whether another such process has run before. */
  readonly resumed: boolean;
}

/** How the process of a tuner, assessor or advisor in Python is started. `algorithm` with its secrets: they go through the pipe. */
export function pythonProcess(
  role: AlgorithmRole,
  algorithm: CustomAlgorithm,
  around: PythonSurroundings,
): ProcessPlan {
  const logs = join(around.directory, "log");
  const checkpoints = join(around.directory, "checkpoint");
  for (const directory of [logs, checkpoints]) mkdirSync(directory, { recursive: true, mode: 0o700 });
  return {
    command: pythonCommand(),
    args: ["-m", "polyphase.host"],
    cwd: logs,
    env: { ...process.env, ...variables(algorithm, around, { logs, checkpoints }) },
    logFile: join(logs, "dispatcher.log"),
    start: startLine(role, algorithm, around),
  };
}

function startLine(
  role: AlgorithmRole,
  { codeDir, classFileName, className, classArgs, includeIntermediateResults }: CustomAlgorithm,
  { config, resumed }: PythonSurroundings,
): JsonObject {
  return {
    kind: "start",
    role,
    codeDir,
    classFileName,
    className,
    classArgs,
    trialConcurrency: config.trialConcurrency,
    multiPhase: config.multiPhase,
    multiThread: config.multiThread ?? false,
    includeIntermediateResults: includeIntermediateResults ?? false,
    resumed,
  };
}

/** Those that classes written for NNI read, and ours. */
function variables(
  { gpuIndices, includeIntermediateResults }: CustomAlgorithm,
  { experimentId, config, resumed }: PythonSurroundings,
  { logs, checkpoints }: { readonly logs: string; readonly checkpoints: string },
): Record<string, string> {
  return {
    PYTHONPATH: ownPythonPath(),
    PYTHONUNBUFFERED: "1",
    SDK_PROCESS: "dispatcher",
    NNI_MODE: resumed ? "resume" : "start",
    NNI_EXP_ID: experimentId,
    NNI_CHECKPOINT_DIRECTORY: checkpoints,
    NNI_LOG_DIRECTORY: logs,
    NNI_LOG_LEVEL: config.logLevel,
    NNI_INCLUDE_INTERMEDIATE_RESULTS: String(includeIntermediateResults ?? false),
    MULTI_PHASE: String(config.multiPhase),
    MULTI_THREAD: String(config.multiThread ?? false),
    CUDA_VISIBLE_DEVICES: (gpuIndices ?? []).join(","),
    POLYPHASE_NODE: process.execPath,
    POLYPHASE_BUILTIN_TUNER: fileURLToPath(compiledModule("serve-builtin-tuner.js")),
  };
}

/** The Python that runs the user's classes. */
export function pythonCommand(env: NodeJS.ProcessEnv = process.env): string {
  return env["POLYPHASE_PYTHON"] || "python3";
}

/** Our package first, so that `import polyphase` and `import nni` work with nothing installed. */
export function pythonPath(given: string | undefined): string {
  return given ? `${pythonPackages()}${delimiter}${given}` : pythonPackages();
}

/** Folders that are named relative to the manager's working directory are still found from another one. */
function ownPythonPath(): string {
  const entries = process.env["PYTHONPATH"]?.split(delimiter).filter((entry) => entry !== "");
  return pythonPath(entries?.map((entry) => resolve(entry)).join(delimiter));
}

/** The package's `python` directory, beside `dist` and `src`. */
export function pythonPackages(): string {
  return join(dirname(fileURLToPath(import.meta.url)), "..", "..", "python");
}
