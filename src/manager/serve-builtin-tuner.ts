import { createInterface } from "node:readline";
import { ask, tell } from "../experiment/index.ts";
import type { TunerMessage } from "../experiment/index.ts";
import { isPolyphaseError, messageOf, spell, unspell } from "../model/index.ts";
import type { JsonObject, OptimizeMode, ParameterRequest, Tuner } from "../model/index.ts";
import { parseSearchSpace } from "../space/index.ts";
import { createRepeatingTuner } from "../tuners/index.ts";

/*
 * A built-in tuner as a process of its own, for programs in other languages: one JSON value in each line, both ways. The Python
 * package's proxies of NNI's built-in tuners speak with it.
 *
 *   → {"kind":"start","tuner":"TPE","optimizeMode":"maximize","seed":7,"classArgs":{}}     ← {"kind":"ready"}
 *   → {"kind":"tell","messages":[...]}                                                     (TunerMessage)
 *   → {"kind":"ask","id":1,"requests":[...]}                   ← {"kind":"proposals","id":1,"proposals":[...]}
 *   → {"kind":"close"}, or the end of the input                                            it ends
 *   ← {"kind":"failed","message":"...","hint":"..."}                                        it ends
 */

type ToTuner =
  | {
      readonly kind: "start";
      readonly tuner: string;
      readonly optimizeMode: OptimizeMode;
      readonly seed: number;
      readonly classArgs: JsonObject;
    }
  | { readonly kind: "tell"; readonly messages: readonly TunerMessage[] }
  | { readonly kind: "ask"; readonly id: number; readonly requests: readonly ParameterRequest[] }
  | { readonly kind: "close" };

function send(message: object): void {
  process.stdout.write(`${spell(message)}\n`);
}

/** False: it is over. */
async function take(message: ToTuner, tuner: Tuner | undefined): Promise<Tuner | false> {
  if (message.kind === "close") return false;
  if (message.kind === "start") {
    const { optimizeMode, seed, classArgs } = message;
    const made = createRepeatingTuner(message.tuner, { optimizeMode, seed, classArgs });
    send({ kind: "ready" });
    return made;
  }
  if (tuner === undefined) throw new Error(`expected a line with "kind":"start" first, got ${message.kind}`);
  const served = { algorithm: tuner };
  if (message.kind === "tell") for (const each of message.messages) await tell(served, checked(each));
  else send({ kind: "proposals", id: message.id, proposals: await ask(served, message.requests) });
  return tuner;
}

/** A script's search space was read by nobody yet; an empty one is none. */
function checked(message: TunerMessage): TunerMessage {
  if (message.kind !== "search-space" || Object.keys(message.space).length === 0) return message;
  return { ...message, space: parseSearchSpace(message.space) };
}

async function serve(): Promise<void> {
  let tuner: Tuner | undefined;
  for await (const line of createInterface({ input: process.stdin })) {
    const next = await take(unspell(line) as unknown as ToTuner, tuner);
    if (next === false) return;
    tuner = next;
  }
}

if (import.meta.filename === process.argv[1] || process.argv[1]?.endsWith("serve-builtin-tuner.js")) {
  serve().catch((error: unknown) => {
    send({ kind: "failed", message: messageOf(error), hint: isPolyphaseError(error) ? error.hint : null });
    process.exitCode = 1;
    process.stdin.destroy();
  });
}
