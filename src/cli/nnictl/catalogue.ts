import type { CatalogueEntry, Groups } from "../catalogue.ts";

/** What each group of commands is about. */
export const groups: Groups = {
  update: {
    heading: "Experiments",
    summary: "change search space, concurrency, duration or number of trials",
  },
  experiment: { heading: "Experiments", summary: "show, list, delete, export and import experiments" },
  trial: { heading: "Results", summary: "list and kill trial jobs" },
  log: { heading: "Results", summary: "show logs" },
  tensorboard: { heading: "Results", summary: "look at trial output with tensorboard" },
  webui: { heading: "Results", summary: "addresses of the page" },
  config: { heading: "Results", summary: "show the config" },
  platform: { heading: "Begin", summary: "clean up a platform" },
  package: { heading: "Begin", summary: "algorithms that NNI installs by themselves" },
};

export const catalogue: readonly CatalogueEntry[] = [
  {
    path: ["create"],
    heading: "Begin",
    summary: "start an experiment",
    load: async () => (await import("./commands/create.ts")).createCommand,
  },
  {
    path: ["resume"],
    heading: "Experiments",
    summary: "go on with an experiment that was stopped",
    load: async () => (await import("./commands/resume.ts")).resumeCommand,
  },
  {
    path: ["view"],
    heading: "Experiments",
    summary: "show an experiment that was stopped, in the background, until it is stopped again",
    load: async () => (await import("./commands/view.ts")).viewCommand,
  },
  {
    path: ["stop"],
    heading: "Experiments",
    summary: "stop experiments, and wait until they have stopped",
    load: async () => (await import("./commands/stop.ts")).stopCommand,
  },
  {
    path: ["update", "searchspace"],
    summary: "a new search space",
    load: async () => (await import("./commands/update.ts")).updateSearchSpaceCommand,
  },
  {
    path: ["update", "concurrency"],
    summary: "trial jobs at once",
    load: async () => (await import("./commands/update.ts")).updateConcurrencyCommand,
  },
  {
    path: ["update", "duration"],
    summary: "running time in all",
    load: async () => (await import("./commands/update.ts")).updateDurationCommand,
  },
  {
    path: ["update", "trialnum"],
    summary: "trial jobs in all",
    load: async () => (await import("./commands/update.ts")).updateTrialNumCommand,
  },
  {
    path: ["trial", "ls"],
    summary: "all trial jobs, as JSON",
    load: async () => (await import("./commands/trial-ls.ts")).trialLsCommand,
  },
  {
    path: ["trial", "kill"],
    summary: "cancel a trial job",
    load: async () => (await import("./commands/trial-kill.ts")).trialKillCommand,
  },
  {
    path: ["trial", "codegen"],
    summary: "write the code of a trial of an annotated experiment, with its values in it",
    load: async () => (await import("./commands/trial-codegen.ts")).trialCodegenCommand,
  },
  {
    path: ["experiment", "show"],
    summary: "an experiment, as JSON",
    load: async () => (await import("./commands/experiment-show.ts")).experimentShowCommand,
  },
  {
    path: ["experiment", "status"],
    summary: "its status and errors, as JSON",
    load: async () => (await import("./commands/experiment-status.ts")).experimentStatusCommand,
  },
  {
    path: ["experiment", "list"],
    summary: "list experiments that were not stopped",
    load: async () => (await import("./commands/experiment-list.ts")).experimentListCommand,
  },
  {
    path: ["experiment", "delete"],
    summary: "delete an experiment with all results, for good",
    load: async () => (await import("./commands/experiment-delete.ts")).experimentDeleteCommand,
  },
  {
    path: ["experiment", "export"],
    summary: "write parameters and results to a file",
    load: async () => (await import("./commands/experiment-export.ts")).experimentExportCommand,
  },
  {
    path: ["experiment", "import"],
    summary: "tell the tuner of results from elsewhere",
    load: async () => (await import("./commands/experiment-import.ts")).experimentImportCommand,
  },
  {
    path: ["platform", "clean"],
    summary: "delete what experiments left on other machines (there is nothing in this version)",
    load: async () => (await import("./commands/platform-clean.ts")).platformCleanCommand,
  },
  {
    path: ["config", "show"],
    summary: "an experiment's config, as JSON",
    load: async () => (await import("./commands/config-show.ts")).configShowCommand,
  },
  {
    path: ["log", "stdout"],
    summary: "the manager's log",
    load: async () => (await import("./commands/log-output.ts")).logStdoutCommand,
  },
  {
    path: ["log", "stderr"],
    summary: "what the manager printed beside its log",
    load: async () => (await import("./commands/log-output.ts")).logStderrCommand,
  },
  {
    path: ["log", "trial"],
    summary: "where the output of trial jobs is",
    load: async () => (await import("./commands/log-trial.ts")).logTrialCommand,
  },
  {
    path: ["webui", "url"],
    summary: "address of an experiment's page",
    load: async () => (await import("./commands/webui-url.ts")).webuiUrlCommand,
  },
  {
    path: ["tensorboard", "start"],
    summary: "start your tensorboard on the output of trial jobs",
    load: async () => (await import("./commands/tensorboard-start.ts")).tensorboardStartCommand,
  },
  {
    path: ["tensorboard", "stop"],
    summary: "end those of an experiment",
    load: async () => (await import("./commands/tensorboard-stop.ts")).tensorboardStopCommand,
  },
  {
    path: ["package", "install"],
    summary: "nothing to do: algorithms are built in",
    load: async () => (await import("./commands/package.ts")).packageInstallCommand,
  },
  {
    path: ["package", "show"],
    summary: "names of what NNI installs by itself",
    load: async () => (await import("./commands/package.ts")).packageShowCommand,
  },
  {
    path: ["ss_gen"],
    heading: "Begin",
    summary: "let trial code write its search space",
    load: async () => (await import("./commands/ss-gen.ts")).ssGenCommand,
  },
  {
    path: ["top"],
    heading: "Results",
    summary: "show running experiments again and again, until Ctrl-C",
    load: async () => (await import("./commands/top.ts")).topCommand,
  },
];
