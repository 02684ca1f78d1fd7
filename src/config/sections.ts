import * as z from "zod";
import type { JsonObject } from "../model/index.ts";
import type { AlgorithmSection, LocalSection, TrialSection } from "./config-file.ts";
import { defaults } from "./defaults.ts";
import { environment, expected, flag, gpuIndices, oneOf, text, whole } from "./fields.ts";
import { otherTrialKeys } from "./other-platforms.ts";

/** Any mapping. Its values are plain JSON already: plain-json.ts has seen to that. */
export function mapping(what: string): z.ZodType<JsonObject, JsonObject> {
  const any = z.record(z.string(), z.unknown(), expected(what));
  return any as unknown as z.ZodType<JsonObject, JsonObject>;
}

const classKeys = {
  codeDir: text("a directory")
    .optional()
    .describe("Directory of your own class's file, from the config file's directory."),
  classFileName: text("a file name")
    .optional()
    .describe("File in `codeDir` that has your own class: Python, JavaScript or TypeScript."),
  className: text("a class name").optional().describe("Name of the class in that file."),
  classArgs: mapping("a mapping of arguments")
    .prefault({})
    .describe(
      "Arguments of the algorithm. `optimize_mode` says whether large or small results are good: `maximize` or " +
        `\`minimize\`, without it \`${defaults.optimizeMode}\`. \`seed\` stands in for the top-level \`seed\`.`,
    ),
  gpuIndices: gpuIndices()
    .optional()
    .describe(
      'GPUs that the process of a class in Python sees: `0`, `"0,2"` or `[0, 2]`; without this key none. Others run on the CPU.',
    ),
  gpuNum: whole(0, 99_999)
    .optional()
    .describe("Accepted, without effect: NNI before 1.1 counted GPUs here; `gpuIndices` names them."),
};

const tunerOnly = {
  includeIntermediateResults: flag()
    .optional()
    .describe(
      "Whether a tuner in Python learns what stopped phases had reached. Others hear of it in any case.",
    ),
};

export const tunerSection: z.ZodType<AlgorithmSection> = algorithm("builtinTunerName", "tuner", tunerOnly);
export const assessorSection: z.ZodType<AlgorithmSection> = algorithm("builtinAssessorName", "assessor");
export const advisorSection: z.ZodType<AlgorithmSection> = algorithm("builtinAdvisorName", "advisor");

/** A name alone, or a section. Comes out in one form, whichever way and role it was written for. */
function algorithm(nameKey: string, role: string, more: z.ZodRawShape = {}): z.ZodType<AlgorithmSection> {
  const section = z.strictObject(
    {
      [nameKey]: text(`the name of a built-in ${role}`)
        .optional()
        .describe(`A built-in ${role}; or else \`classFileName\` and \`className\` name one of your own.`),
      ...classKeys,
      ...more,
    },
    expected(`a mapping, or the name of a built-in ${role}`),
  );
  return z
    .union([text(`the name of a built-in ${role}`), section], expected(`the ${role}'s name or a mapping`))
    .transform((value): AlgorithmSection => {
      if (typeof value === "string") return { bare: true, name: value, classArgs: {} };
      const { [nameKey]: name, ...rest } = value as Record<string, unknown>;
      return { ...(rest as unknown as AlgorithmSection), bare: false, name: name as string | undefined };
    });
}

export const trialSection: z.ZodType<TrialSection> = z.strictObject(
  {
    command: text("a shell command")
      .optional()
      .describe("Shell command line that starts one trial job, run in the code directory."),
    codeDir: text("a directory")
      .default(defaults.trial.codeDir)
      .describe("Directory of the trial's code, from the config file's directory."),
    gpuNum: whole(0, 99_999)
      .optional()
      .describe(
        "GPUs for each trial job. 0: it sees none. Without this key `CUDA_VISIBLE_DEVICES` is left as it is.",
      ),
    env: environment().prefault({}).describe("More environment variables for the trial jobs."),
    copyCodeDir: flag()
      .prefault(defaults.trial.copyCodeDir)
      .describe(
        "Each trial job works in its own copy of the code directory, instead of all in the same place.",
      ),
    nasMode: oneOf(["classic_mode", "enas_mode", "oneshot_mode", "darts_mode"])
      .optional()
      .describe(
        "For layers in annotations: `classic_mode` (the default), or `enas_mode`, in which layers change between phases.",
      ),
    ...otherTrialKeys,
  },
  expected("a mapping with `command`"),
);

export const localSection: z.ZodType<LocalSection> = z.strictObject(
  {
    gpuIndices: gpuIndices()
      .optional()
      .describe('GPUs that may be used: `0`, `"0,2"` or `[0, 2]`. Without this key all of them.'),
    maxTrialNumPerGpu: whole(1, 99_999)
      .default(defaults.localConfig.maxTrialNumPerGpu)
      .describe("Trial jobs that may share one GPU."),
    useActiveGpu: flag()
      .prefault(defaults.localConfig.useActiveGpu)
      .describe("Also use GPUs on which somebody else's processes run."),
  },
  expected("a mapping"),
);
