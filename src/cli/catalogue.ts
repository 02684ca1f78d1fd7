import type { CliCommand } from "./session.ts";

/** A command's name and purpose; its module is loaded when it is called, so that the others cost nothing. */
export interface CatalogueEntry {
  readonly path: readonly [name: string] | readonly [group: string, name: string];
  readonly summary: string;
  /** Heading in the list of commands; absent: not shown there. */
  readonly heading?: "Begin" | "Experiments" | "Changes" | "Results";
  load(): Promise<CliCommand>;
}

/** What each group of commands is about. */
export interface Groups {
  readonly [group: string]: Pick<CatalogueEntry, "summary" | "heading">;
}

export const groups: Groups = {
  trial: { heading: "Results", summary: "list, kill and read the logs of trial jobs; add parameters" },
  phase: { heading: "Results", summary: "list and stop phases" },
};

export const catalogue: readonly CatalogueEntry[] = [
  {
    path: ["init"],
    heading: "Begin",
    summary: "write an example that runs, in Python or TypeScript",
    load: async () => (await import("./commands/init.ts")).initCommand,
  },
  {
    path: ["validate"],
    heading: "Begin",
    summary: "check a config file without running anything",
    load: async () => (await import("./commands/validate.ts")).validateCommand,
  },
  {
    path: ["import-nni"],
    heading: "Begin",
    summary: "explain a config file of NNI key by key, and write ours",
    load: async () => (await import("./commands/import-nni.ts")).importNniCommand,
  },
  {
    path: ["run"],
    heading: "Begin",
    summary: "run an experiment here, with live progress, until it has ended",
    load: async () => (await import("./commands/run.ts")).runCommand,
  },
  {
    path: ["create"],
    heading: "Experiments",
    summary: "start an experiment in the background",
    load: async () => (await import("./commands/create.ts")).createCommand,
  },
  {
    path: ["list"],
    heading: "Experiments",
    summary: "list all experiments, newest first",
    load: async () => (await import("./commands/list.ts")).listCommand,
  },
  {
    path: ["status"],
    heading: "Experiments",
    summary: "show how an experiment stands",
    load: async () => (await import("./commands/status.ts")).statusCommand,
  },
  {
    path: ["url"],
    heading: "Experiments",
    summary: "print the address of an experiment's page, for yourself or for somebody who may only look",
    load: async () => (await import("./commands/url.ts")).urlCommand,
  },
  {
    path: ["stop"],
    heading: "Experiments",
    summary: "stop an experiment gently, and wait until it has stopped",
    load: async () => (await import("./commands/stop.ts")).stopCommand,
  },
  {
    path: ["resume"],
    heading: "Experiments",
    summary: "go on with an experiment that was stopped or killed",
    load: async () => (await import("./commands/resume.ts")).resumeCommand,
  },
  {
    path: ["view"],
    heading: "Experiments",
    summary: "show an experiment that has no manager any more, over HTTP, until Ctrl-C",
    load: async () => (await import("./commands/view.ts")).viewCommand,
  },
  {
    path: ["clone"],
    heading: "Experiments",
    summary: "write the config of an experiment to a file, or start another one with it",
    load: async () => (await import("./commands/clone.ts")).cloneCommand,
  },
  {
    path: ["delete"],
    heading: "Experiments",
    summary: "delete experiments that have ended, for good",
    load: async () => (await import("./commands/delete.ts")).deleteCommand,
  },
  {
    path: ["log"],
    heading: "Experiments",
    summary: "show the manager's log",
    load: async () => (await import("./commands/log.ts")).logCommand,
  },
  {
    path: ["update"],
    heading: "Changes",
    summary: "change limits, concurrency, search space or name while it runs",
    load: async () => (await import("./commands/update.ts")).updateCommand,
  },
  {
    path: ["pause"],
    heading: "Changes",
    summary: "hand out nothing more until unpause; phases that run go on",
    load: async () => (await import("./commands/pause.ts")).pauseCommand,
  },
  {
    path: ["unpause"],
    heading: "Changes",
    summary: "go on after a pause, also with a tuner that was mended",
    load: async () => (await import("./commands/unpause.ts")).unpauseCommand,
  },
  {
    path: ["import"],
    heading: "Changes",
    summary: "tell the tuner of results from elsewhere: JSON or CSV",
    load: async () => (await import("./commands/import.ts")).importCommand,
  },
  {
    path: ["audit"],
    heading: "Changes",
    summary: "show who has changed what, and when",
    load: async () => (await import("./commands/audit.ts")).auditCommand,
  },
  {
    path: ["best"],
    heading: "Results",
    summary: "show the best result so far and its parameters",
    load: async () => (await import("./commands/best.ts")).bestCommand,
  },
  {
    path: ["pareto"],
    heading: "Results",
    summary: "show the best trade-offs between several objectives",
    load: async () => (await import("./commands/pareto.ts")).paretoCommand,
  },
  {
    path: ["export"],
    heading: "Results",
    summary: "write everything to a JSON file, or the phases to a CSV file",
    load: async () => (await import("./commands/export.ts")).exportCommand,
  },
  {
    path: ["replay"],
    heading: "Results",
    summary: "make every proposal again from the journal, and compare",
    load: async () => (await import("./commands/replay.ts")).replayCommand,
  },
  {
    path: ["trial", "list"],
    summary: "list the trial jobs",
    load: async () => (await import("./commands/trial-list.ts")).trialListCommand,
  },
  {
    path: ["trial", "log"],
    summary: "show what a trial job has written",
    load: async () => (await import("./commands/trial-log.ts")).trialLogCommand,
  },
  {
    path: ["trial", "kill"],
    summary: "cancel a trial job",
    load: async () => (await import("./commands/trial-kill.ts")).trialKillCommand,
  },
  {
    path: ["trial", "add"],
    summary: "add parameters by hand: the next trial job that asks gets them",
    load: async () => (await import("./commands/trial-add.ts")).trialAddCommand,
  },
  {
    path: ["phase", "list"],
    summary: "list the phases with their parameters and results",
    load: async () => (await import("./commands/phase-list.ts")).phaseListCommand,
  },
  {
    path: ["phase", "stop"],
    summary: "end a running phase early; its trial job goes on with the next",
    load: async () => (await import("./commands/phase-stop.ts")).phaseStopCommand,
  },
  {
    path: ["manager"],
    summary: "be the manager of an experiment (started by create and resume)",
    load: async () => (await import("./commands/manager.ts")).managerCommand,
  },
  {
    path: ["keep-view"],
    summary: "show an experiment that has no manager any more (started by nnictl view)",
    load: async () => (await import("./commands/keep-view.ts")).keepViewCommand,
  },
  {
    path: ["supervise"],
    summary: "resume an experiment whenever its manager dies (started by --restart)",
    load: async () => (await import("./commands/supervise.ts")).superviseCommand,
  },
];
