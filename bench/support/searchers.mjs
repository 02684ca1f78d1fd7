// Contenders, made ready to search one problem.
import { createBuiltinTuner } from "../../dist/tuners/index.js";
import { parseSearchSpace } from "../../dist/space/index.js";
import { startPeer } from "./peer.mjs";

export async function searcherOf(contender, { space, seed, evaluations, python }) {
  if (contender.kind === "ours") return ownSearcher(contender, { space, seed });
  return peerSearcher(contender, { space, seed, evaluations, python });
}

async function ownSearcher({ tuner: name, classArgs }, { space, seed }) {
  const tuner = createBuiltinTuner(name, { optimizeMode: "minimize", seed, classArgs });
  await tuner.updateSearchSpace(parseSearchSpace(space));
  const open = new Map();
  const asked = new Map();
  let nextId = 0;
  return {
    version: "polyphase",
    async ask(job) {
      const trialJobId = `job${job}`;
      const parameterIndex = asked.get(job) ?? 0;
      const proposal = await tuner.generateParameters(nextId, { trialJobId, parameterIndex });
      if (proposal.kind !== "parameters") return undefined;
      asked.set(job, parameterIndex + 1);
      const phase = { parameterId: nextId++, parameters: proposal.parameters, trialJobId };
      open.set(phase.parameterId, phase);
      return { id: phase.parameterId, parameters: phase.parameters };
    },
    async tell(id, value) {
      const phase = { ...open.get(id), outcome: "succeeded" };
      open.delete(id);
      await tuner.receiveTrialResult({ ...phase, value });
      await tuner.trialEnd?.({ parameterId: id, trialJobId: phase.trialJobId, outcome: "succeeded" });
    },
  };
}

const running = new Map();

/** One process per script serves one search after another. */
async function peerSearcher({ script, settings }, { space, seed, evaluations, python }) {
  if (!running.get(script)?.running()) running.set(script, startPeer(python, script));
  const peer = running.get(script);
  const { version } = await peer.ask({ start: { space, seed, evaluations, settings } });
  return {
    version,
    ask: () => peer.ask({ ask: true }),
    tell: (id, loss) => peer.ask({ tell: [id, loss] }),
  };
}

export function stopPeers() {
  for (const peer of running.values()) peer.stop();
  running.clear();
}
