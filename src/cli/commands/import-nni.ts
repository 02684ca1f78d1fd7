import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import type { ConfigIssue, LoadedConfig } from "../../config/index.ts";
import type { Json, JsonObject } from "../../model/index.ts";
import { isObject, isPolyphaseError, PolyphaseError, seal, sealedNames } from "../../model/index.ts";
import { differences } from "../import-nni/differences.ts";
import type { KeyReport, Verdict } from "../import-nni/key-reports.ts";
import { keyReports } from "../import-nni/key-reports.ts";
import { readUserFile } from "../read-file.ts";
import type { CliCommand, Session } from "../session.ts";
import { exitCodes } from "../session.ts";
import type { Style } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";
import { variableFor } from "./clone.ts";

interface Options {
  readonly json?: true;
  readonly output?: string;
  readonly force?: true;
}

export const importNniCommand: CliCommand<Options> = {
  configure(command) {
    command
      .argument("<CONFIG>", "config file of NNI 1.x: YAML or JSON")
      .option("-o, --output <file>", "where to write ours (default: beside it, as NAME.polyphase.yml)")
      .option("--force", "overwrite what is there");
  },
  async run({ operands: [file = ""], options, session }) {
    const { output = besides(file), force, json } = options;
    const report = await examine(session, file);
    if (json !== true) session.print(reportText(report, session.style));
    if (report.loaded === undefined) {
      if (json === true) session.printJson(jsonReport(report, null, []));
      throw new PolyphaseError("not-imported", `${file} cannot be imported; nothing was written`, {
        hint: "see what is not supported, or is a fault, in the list of its keys",
      });
    }
    const { text, variables } = await ourConfig(report, report.loaded, file);
    await writeUnlessThere(output, text, force === true);
    if (json === true) session.printJson(jsonReport(report, output, variables));
    else session.print(`${neededText(variables)}wrote ${output}\nnext: polyphase validate -c ${output}`);
    return exitCodes.ok;
  },
};

/** `config.yml` → `config.polyphase.yml` */
function besides(file: string): string {
  return join(dirname(file), `${basename(file, extname(file))}.polyphase.yml`);
}

interface Report {
  readonly keys: readonly KeyReport[];
  readonly differences: readonly string[];
  /** Undefined where it has faults, or asks for what there is not. */
  readonly loaded: LoadedConfig | undefined;
}

async function examine({ env }: Session, file: string): Promise<Report> {
  const text = await readUserFile(file);
  const [{ loadConfig, meaningOfKey, readDocument }, { builtinAssessorNames, builtinTunerNames }] =
    await Promise.all([import("../../config/index.ts"), import("../../manager/index.ts")]);
  let loaded: LoadedConfig | undefined;
  let issues: readonly ConfigIssue[] = [];
  try {
    loaded = await loadConfig(file, {
      env,
      tunerNames: builtinTunerNames,
      assessorNames: builtinAssessorNames,
    });
  } catch (error) {
    issues = issuesOf(error);
  }
  const written = readDocument(text, file).value as Json; // YAML and JSON hold nothing else
  if (!isObject(written)) throw faulty(file, issues);
  const ofSpace = ({ file: place, ...issue }: ConfigIssue): ConfigIssue =>
    place === file ? { file, ...issue } : { file, ...issue, path: ["searchSpacePath"] };
  const findings = { issues: issues.map(ofSpace), remarks: loaded?.remarks ?? [], meaningOf: meaningOfKey };
  const keys = [...keyReports(written, findings), ...missing(findings.issues, written)];
  return { keys, differences: loaded === undefined ? [] : differences(written, loaded.config), loaded };
}

function issuesOf(error: unknown): readonly ConfigIssue[] {
  if (isPolyphaseError(error) && "issues" in error) return error.issues as readonly ConfigIssue[];
  throw error;
}

function faulty(file: string, issues: readonly ConfigIssue[]): PolyphaseError {
  return new PolyphaseError("not-imported", `${file} is no config: ${issues[0]?.message ?? "it is empty"}`);
}

/** Faults of keys that are not there. */
function missing(issues: readonly ConfigIssue[], written: JsonObject): readonly KeyReport[] {
  return issues
    .filter(({ path: [key = ""] }) => !Object.hasOwn(written, key))
    .map(({ path, message }) => ({ key: path.join("."), verdict: "fault", note: message }));
}

const paint: { readonly [verdict in Verdict]: (style: Style) => (text: string) => string } = {
  same: (style) => style.good,
  renamed: (style) => style.good,
  "no effect": (style) => style.held,
  "not supported": (style) => style.bad,
  fault: (style) => style.bad,
};

function reportText({ keys, differences: notes }: Report, style: Style): string {
  const rows = keys.map(({ key, verdict, note }) => [key, paint[verdict](style)(verdict), note ?? ""]);
  const listing = table([{ title: "Key" }, { title: "Here" }, { title: "Note" }], rows);
  return notes.length === 0 ? listing : `${listing}\n\nIn another way than NNI:\n${bullets(notes)}`;
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}

/** The new file, and the environment variables that it refers to for secrets. */
async function ourConfig(
  { keys, differences: notes }: Report,
  { config }: LoadedConfig,
  file: string,
): Promise<{ readonly text: string; readonly variables: readonly string[] }> {
  const { configText } = await import("../../config/index.ts");
  const sealed = seal(config).config;
  const gone = keys.filter(({ verdict }) => verdict === "no effect");
  const remark = [
    `Made from ${basename(file)}, a config of NNI, by polyphase import-nni.`,
    ...(gone.length === 0 ? [] : [`Without effect: ${gone.map(({ key }) => key).join(", ")}.`]),
    ...(notes.length === 0 ? [] : ["", "In another way than NNI:", bullets(notes)]),
    "",
  ].join("\n");
  const variables = [...new Set(sealedNames(sealed).map(variableFor))];
  return { text: configText(sealed, { remark, variableOf: variableFor }), variables };
}

async function writeUnlessThere(output: string, text: string, force: boolean): Promise<void> {
  if (!force && existsSync(output))
    throw new PolyphaseError("files-in-the-way", `${output} is there already; nothing was written`, {
      hint: "name another file with -o, or overwrite it with --force",
    });
  await writeFile(output, text, { flag: force ? "w" : "wx" });
}

function neededText(variables: readonly string[]): string {
  return variables.length === 0 ? "" : `its secrets are not in it: set ${variables.join(", ")}\n`;
}

function jsonReport(report: Report, written: string | null, variables: readonly string[]): object {
  return { written, keys: report.keys, differences: report.differences, variables };
}
