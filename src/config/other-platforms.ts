/** Keys that NNI 1.x has for platforms which are none of ours: a file brings them along, and nothing is done with them. */
import * as z from "zod";
import type { Issue } from "./issue.ts";

/** Sections at the top level, and the platforms that read them. */
const sections = {
  machineList: ["remote"],
  remoteConfig: ["remote"],
  paiConfig: ["pai"],
  paiYarnConfig: ["paiYarn"],
  kubeflowConfig: ["kubeflow"],
  frameworkcontrollerConfig: ["frameworkcontroller"],
  amlConfig: ["aml"],
  dltsConfig: ["dlts"],
} as const;

/** Keys of `trial`. */
const trialKeys = {
  cpuNum: ["pai", "paiYarn"],
  memoryMB: ["pai", "paiYarn"],
  image: ["pai", "paiYarn"],
  virtualCluster: ["pai", "paiYarn"],
  nniManagerNFSMountPath: ["pai"],
  containerNFSMountPath: ["pai"],
  paiStoragePlugin: ["pai"],
  paiStorageConfigName: ["pai"],
  paiConfigPath: ["pai"],
  shmMB: ["paiYarn"],
  authFile: ["paiYarn"],
  portList: ["paiYarn"],
  dataDir: ["paiYarn"],
  outputDir: ["paiYarn"],
  ps: ["kubeflow"],
  master: ["kubeflow"],
  worker: ["kubeflow"],
  taskRoles: ["frameworkcontroller"],
} as const;

/** Every key of them, as `machineList` and `trial.image` → whose it is. */
const platformsOf: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...Object.entries(sections),
  ...Object.entries(trialKeys).map(([key, owners]) => [`trial.${key}`, owners] as const),
]);

/** What a config file may hold of them. */
export type OtherSections = { readonly [Key in keyof typeof sections]?: unknown };
export type OtherTrialKeys = { readonly [Key in keyof typeof trialKeys]?: unknown };

export const otherSections: { readonly [Key in keyof typeof sections]: z.ZodType<unknown> } =
  anyValues(sections);
export const otherTrialKeys: { readonly [Key in keyof typeof trialKeys]: z.ZodType<unknown> } =
  anyValues(trialKeys);

function anyValues<Key extends string>(
  keys: Readonly<Record<Key, readonly string[]>>,
): Record<Key, z.ZodType<unknown>> {
  const described = Object.entries<readonly string[]>(keys).map(([key, owners]) => [
    key,
    z
      .unknown()
      .optional()
      .describe(`Accepted, without effect: belongs to the platform ${owners.join(" or ")}.`),
  ]);
  return Object.fromEntries(described) as Record<Key, z.ZodType<unknown>>;
}

/** One remark for each section of a platform that the file does not ask for, and one for all such keys of the trial. */
export function otherPlatformRemarks(
  file: OtherSections & {
    readonly trainingServicePlatform: string;
    readonly trial?: OtherTrialKeys | undefined;
  },
): readonly Issue[] {
  const { trainingServicePlatform: here } = file;
  const foreign = [...platformsOf].filter(([, owners]) => !owners.includes(here)).map(([path]) => path);
  const given = foreign.map((path) => path.split(".")).filter((path) => valueAt(file, path) !== undefined);
  const ofTrial = given.filter(([section]) => section === "trial");
  return [...given.filter((path) => path.length === 1), ...ofTrial.slice(0, 1)].map((path) => {
    const others = path.length === 1 ? [] : ofTrial.slice(1).map(([, key]) => key);
    const owners = platformsOf.get(path.join("."))?.join(" or ");
    const more = others.length === 0 ? "" : `, nor have ${others.join(", ")}`;
    const message = `has no effect${more}: belongs to ${owners}, and trainingServicePlatform is ${here}`;
    return { path, message, at: "key" };
  });
}

function valueAt(file: object, [section = "", key]: readonly string[]): unknown {
  const part = (file as { readonly [key: string]: unknown })[section];
  return key === undefined ? part : (part as { readonly [key: string]: unknown } | undefined)?.[key];
}
