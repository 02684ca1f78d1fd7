import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../../src/model/index.ts";

/**
 * A trial that keeps a log of its own, each line on the disk before it goes on: what it got, what it is about to send, what
 * it knows to be acknowledged. One file for each process. It leaves when the file `finish` is there and its phase has ended,
 * and takes no time over a phase when `hurry` is there.
 */
export const notingTrial = `import json, os, random, time, polyphase
job, attempt = os.environ["POLYPHASE_JOB_TAG"].split(":")[0].split("/")
here = os.environ["CHAOS_DIRECTORY"]
index = int(os.environ["POLYPHASE_PARAMETER_INDEX"])
name = "%s-%s-%d" % (job, attempt, os.getpid())
log = os.open(os.path.join(here, "notes", name), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

def note(**facts):
    os.write(log, (json.dumps({"index": index, **facts}) + "\\n").encode())
    os.fdatasync(log)

def there(name):
    return os.path.exists(os.path.join(here, name))

for parameters in polyphase.phases():
    note(got=parameters)
    if not there("hurry"):
        time.sleep(random.expovariate(1 / 0.02))
    step = {"default": parameters["x"], "attempt": int(attempt)}
    polyphase.report_intermediate_result(step)
    note(step=step)
    result = {"default": parameters["x"], "by": name}
    note(sends=result)
    polyphase.report_final_result(result)
    note(acknowledged=result)
    if there("finish"):
        break
    index += 1
`;

/** A line of a trial process's log: one of the facts. */
export interface Note {
  readonly index: number;
  readonly got?: Json;
  readonly step?: Json;
  readonly sends?: Json;
  readonly acknowledged?: Json;
}

/** The log of one process. */
export interface ProcessLog {
  readonly job: string;
  readonly attempt: number;
  readonly pid: number;
  readonly notes: readonly Note[];
}

/** A line that was just being written does not count. */
export function readLogs(directory: string): readonly ProcessLog[] {
  return readdirSync(directory).map((name) => {
    const [job, attempt, pid] = name.split("-") as [string, string, string];
    const lines = readFileSync(join(directory, name), "utf8").split("\n").slice(0, -1);
    return {
      job,
      attempt: Number(attempt),
      pid: Number(pid),
      notes: lines.map((line) => JSON.parse(line) as Note),
    };
  });
}
