import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { newExperimentId } from "../../manager/ids.ts";
import { PolyphaseError, sealedNames } from "../../model/index.ts";
import type { ExperimentConfig, ExperimentState, ObservedPoint } from "../../model/index.ts";
import { startInBackground } from "../background.ts";
import { directoryOf, selectExperiment } from "../experiments.ts";
import { freePort } from "../free-port.ts";
import { importedCount } from "../imported-count.ts";
import { port, wholeNumber } from "../option-values.ts";
import type { CliCommand, Session } from "../session.ts";
import { exitCodes, usageError } from "../session.ts";
import { startedText } from "../started-text.ts";
import { plural } from "../terminal/words.ts";

interface Options {
  readonly json?: true;
  readonly file?: string;
  readonly name?: string;
  readonly seed?: number;
  readonly start?: true;
  readonly withResults?: true;
  readonly port?: number;
}

export const cloneCommand: CliCommand<Options> = {
  configure(command) {
    command
      .argument("<ID>", "the experiment's id, or its beginning")
      .option("-f, --file <file>", "where to write the config (default: ID.yml; -: stdout)")
      .option("--name <name>", "name of the new experiment, instead of the old one's")
      .option("--seed <n>", "seed of the tuner, instead of the old config's", wholeNumber(0))
      .option("--start", "start the new experiment in the background instead of writing its config")
      .option("--with-results", "with --start: its tuner begins with the results of the old one's phases")
      .option("--port <n>", "with --start: port of the manager (default: a free one)", port);
  },
  async run({ operands: [id], options, session }) {
    checkOptions(options);
    const experiment = selectExperiment(session, id);
    const directory = directoryOf(session, experiment);
    const { readState } = await import("../../manager/remains.ts");
    const state = readState(directory);
    const config = changed(state, options);
    return options.start === true
      ? start(session, state, { ...options, config, directory })
      : write(session, experiment.id, { ...options, config });
  },
};

function checkOptions({ start, file, withResults, port: wanted }: Options): void {
  if (start === true && file !== undefined) throw usageError("expected either --start or --file, got both");
  if (start === true || (withResults === undefined && wanted === undefined)) return;
  throw usageError(`--${withResults ? "with-results" : "port"} needs --start`);
}

/** As it is now: what people have changed while it ran counts. */
function changed({ config }: ExperimentState, { name, seed }: Options): ExperimentConfig {
  return { ...config, experimentName: name ?? config.experimentName, seed: seed ?? config.seed };
}

/** The config is sealed. */
type Clone = Options & { readonly config: ExperimentConfig };

/** Secrets are not written: the file refers to environment variables for them. */
async function write(
  session: Session,
  id: string,
  { file = `${id}.yml`, config, json }: Clone,
): Promise<number> {
  const { configText } = await import("../../config/index.ts");
  const variables = new Map(sealedNames(config).map((name) => [name, variableFor(name)]));
  const remark = `The config of experiment ${id}, as polyphase clone wrote it.`;
  const text = configText(config, { remark, variableOf: (name) => variables.get(name) as string });
  if (file === "-") {
    session.io.stdout.write(text);
    return exitCodes.ok;
  }
  if (existsSync(file))
    throw new PolyphaseError("files-in-the-way", `${file} is there already; nothing was written`, {
      hint: "name another file with -f",
    });
  await writeFile(file, text, { flag: "wx" });
  const needed = [...new Set(variables.values())];
  if (json === true) session.printJson({ id, file: resolve(file), variables: needed });
  else session.print(`wrote ${file}\n${neededText(needed)}next: polyphase run -c ${file}`);
  return exitCodes.ok;
}

/** `trial.env.API_KEY` → `API_KEY`; `tuner.classArgs.key` → `TUNER_CLASSARGS_KEY`. */
export function variableFor(name: string): string {
  const [, own] = /^trial\.env\.([A-Za-z_]\w*)$/.exec(name) ?? [];
  return (
    own ??
    name
      .replaceAll(/\W+/g, "_")
      .replaceAll(/^_+|_+$/g, "")
      .toUpperCase()
  );
}

function neededText(variables: readonly string[]): string {
  return variables.length === 0 ? "" : `its secrets are not in it: set ${variables.join(", ")}\n`;
}

/** With the secrets of the old one. */
async function start(
  session: Session,
  state: ExperimentState,
  options: Clone & { readonly directory: string },
): Promise<number> {
  const { openConfig } = await import("../../manager/secrets.ts");
  const config = openConfig(options.directory, options.config);
  const points = options.withResults === true ? pointsOf(state) : [];
  const sound = await checked(session, state.experimentId, config);
  await freePort(session, options.port);
  const started = await startInBackground(session, {
    experimentId: newExperimentId(),
    config: sound,
    ...(options.port === undefined ? {} : { listen: { port: options.port } }),
    points,
  });
  const { id, url, pid } = started;
  const taken = points.length === 0 ? 0 : await importedCount(session, selectExperiment(session, id));
  if (options.json === true) session.printJson({ id, url, pid, imported: taken });
  else {
    session.print(startedText(session.style, "started", started));
    if (options.withResults === true)
      session.print(`  with ${plural(taken, "result")} of ${state.experimentId}`);
  }
  return exitCodes.ok;
}

/** Read as any config file: its directories may have gone since. */
async function checked(session: Session, id: string, config: ExperimentConfig): Promise<ExperimentConfig> {
  const [{ configText, parseConfig }, { builtinAssessorNames, builtinTunerNames }] = await Promise.all([
    import("../../config/index.ts"),
    import("../../manager/index.ts"),
  ]);
  const names = { tunerNames: builtinTunerNames, assessorNames: builtinAssessorNames };
  const source = { file: `config of ${id}`, directory: "/", env: session.env, ...names };
  return parseConfig(configText(config), source).config;
}

function pointsOf({ phases }: ExperimentState): readonly ObservedPoint[] {
  return [...phases.values()]
    .filter(({ outcome }) => outcome === "succeeded")
    .map(({ parameters, value }) => ({ parameters, value }));
}
