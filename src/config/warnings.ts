import type { AlgorithmSection, ConfigFile } from "./config-file.ts";
import { isSecretName } from "../model/index.ts";
import { hiddenClientRemarks } from "./hidden-client.ts";
import type { Issue } from "./issue.ts";
import type { Surroundings } from "./paths.ts";
import { otherPlatformRemarks } from "./other-platforms.ts";

/** What the config says without effect, or probably not as it was meant. Nothing here stops an experiment. */
export function remarks(file: ConfigFile, around: Surroundings): readonly Issue[] {
  return [
    ...keysWithoutEffect(file),
    ...otherPlatformRemarks(file),
    ...classArgRemarks(file),
    ...phaseRemarks(file),
    ...gpuRemarks(file),
    ...seedRemarks(file),
    ...commandRemarks(file),
    ...hiddenClientRemarks(file, around),
  ];
}

/** Keys of NNI that a file may bring along. Written with the value that means "off", they deserve no remark. */
function keysWithoutEffect(file: ConfigFile): readonly Issue[] {
  const without = (path: readonly string[], why: string): Issue => ({
    path,
    message: `has no effect: ${why}`,
    at: "key",
  });
  const found: Issue[] = [];
  if (file.multiThread && !isPythonClass(file.tuner))
    found.push(without(["multiThread"], "trial jobs never wait for each other's requests"));
  if (file.versionCheck) found.push(without(["versionCheck"], "the trial client comes with the manager"));
  if (file.nniManagerIp !== undefined) {
    found.push(without(["nniManagerIp"], "local trial jobs reach the manager on the loopback"));
  }
  if (file.logCollection === "http") found.push(without(["logCollection"], "local logs are files already"));
  if (file.trial?.nasMode !== undefined && !file.useAnnotation)
    found.push(without(["trial", "nasMode"], "the search space says it all"));
  if (file.tuner?.includeIntermediateResults && !isPythonClass(file.tuner)) {
    const why = "the tuner hears of stopped phases in any case";
    found.push(without(["tuner", "includeIntermediateResults"], why));
  }
  for (const role of ["tuner", "assessor", "advisor"] as const) {
    const python = isPythonClass(file[role]);
    const onCpu = "algorithms run on the CPU";
    if (file[role]?.gpuIndices !== undefined && !python) found.push(without([role, "gpuIndices"], onCpu));
    if ((file[role]?.gpuNum ?? 0) === 0) continue;
    found.push(without([role, "gpuNum"], python ? "gpuIndices names the GPUs that the class sees" : onCpu));
  }
  return found;
}

function isPythonClass(section: AlgorithmSection | undefined): boolean {
  return section?.classFileName?.endsWith(".py") ?? false;
}

/** Arguments of NNI's TPE that ours has no use for; `parallel_optimize: true` says what is done in any case. */
function classArgRemarks({ tuner }: ConfigFile): readonly Issue[] {
  if (tuner?.name !== "TPE") return [];
  const why = "phases that run are always taken into account, without a made-up result";
  const { parallel_optimize: parallel, constant_liar_type: liar } = tuner.classArgs;
  const given = [
    ...(parallel === false ? ["parallel_optimize"] : []),
    ...(liar === undefined ? [] : ["constant_liar_type"]),
  ];
  return given.map((name) => ({
    path: ["tuner", "classArgs", name],
    message: `has no effect: ${why}`,
    at: "key",
  }));
}

function phaseRemarks(file: ConfigFile): readonly Issue[] {
  const found: Issue[] = [];
  const limits = [file.maxPhaseNum, file.maxPhasesPerTrial, file.maxExecDuration];
  if (file.multiPhase && limits.every((limit) => limit === undefined)) {
    const message = "no limit on phases is set: the trial must end by itself";
    found.push({
      path: ["multiPhase"],
      message,
      hint: "maxPhaseNum, maxPhasesPerTrial and maxExecDuration are such limits",
      at: "key",
    });
  }
  if (!file.multiPhase && (file.maxPhasesPerTrial ?? 1) > 1) {
    const message = "each trial job gets parameters only once without multiPhase: true";
    found.push({ path: ["maxPhasesPerTrial"], message, at: "key" });
  }
  if (!file.multiPhase && file.phaseMode === "episode") {
    const message = "a trial is only one phase long without multiPhase: true";
    found.push({ path: ["phaseMode"], message, at: "key" });
  }
  if (file.objective !== "last" && file.phaseMode === "worker") {
    const message = "has no effect without phaseMode: episode";
    found.push({ path: ["objective"], message, at: "key" });
  }
  return found;
}

function gpuRemarks(file: ConfigFile): readonly Issue[] {
  const gpus = file.trial?.gpuNum ?? 0;
  if (gpus > 0 || file.localConfig.gpuIndices === undefined) return [];
  const message = "has no effect: trial jobs get no GPU from it without trial.gpuNum of at least 1";
  return [{ path: ["localConfig", "gpuIndices"], message, at: "key" }];
}

function seedRemarks(file: ConfigFile): readonly Issue[] {
  const inner = file.tuner?.classArgs["seed"];
  if (inner === undefined || file.seed === undefined || inner === file.seed) return [];
  const message = `has no effect: the top-level seed, ${file.seed}, counts`;
  return [{ path: ["tuner", "classArgs", "seed"], message, at: "key" }];
}

/** A secret in the command is there for every user of the machine to see. */
function commandRemarks(file: ConfigFile): readonly Issue[] {
  const command = file.trial?.command ?? "";
  const settings = [...command.matchAll(optionOfCommand), ...command.matchAll(variableOfCommand)];
  const shown = settings.find(([, name = ""]) => isSecretName(name));
  if (shown === undefined) return [];
  const message = `shows ${shown[1]} to every user of the machine`;
  const hint = "put it into trial.env, and let the trial read it from its environment";
  return [{ path: ["trial", "command"], message, hint }];
}

/** `--name value`, `--name=value`, also `--name $NAME`: the command sees that filled in, and so does everybody else. */
const optionOfCommand = /(?:^|\s)--?([\w-]{1,80})[=\s]\s*["']?[^\s"'-]/g;
/** `NAME=value`; `NAME=$OTHER` shows nothing. */
const variableOfCommand = /(?:^|\s)(\w{1,80})=["']?[^\s"'$]/g;
