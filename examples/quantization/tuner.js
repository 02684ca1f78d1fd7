/**
 * A tuner that walks: it takes the bits away from one layer after the other, and gives the last ones back where the accuracy
 * suffers. Every trial job has a walk of its own, with the layers in another order, because the order decides where bits
 * are left in the end.
 *
 * The search space names the layers, each with the bit widths that it may have: `{ "layer0": { "_type": "choice", "_value":
 * [32, 16, 8] } }`. Results are objects with a numeric `accuracy`; the first one of each trial job, with all layers at their
 * widest, is what the others are measured by.
 *
 * @implements {import("polyphase/plugin").Tuner}
 */
export class BitWidthTuner {
  /**
   * @param {object} classArgs the `classArgs` of the config file
   * @param {number} [classArgs.tolerance] how much accuracy may be lost against the first phase of the trial job
   */
  constructor({ tolerance = 0.01 } = {}) {
    this.tolerance = tolerance;
    /** By layer: its bit widths, widest first. */
    this.ladders = {};
    /** By trial job id. */
    this.walks = new Map();
  }

  updateSearchSpace(space) {
    this.ladders = Object.fromEntries(
      Object.entries(space).map(([layer, { _value }]) => [layer, [..._value].sort((a, b) => b - a)]),
    );
  }

  /** The next step was decided when the last result came: here it is only handed out. */
  generateParameters(_parameterId, { trialJobId }) {
    const walk = this.walks.get(trialJobId) ?? this.startWalk(trialJobId);
    return walk.arrived
      ? { kind: "no-more" }
      : { kind: "parameters", parameters: bitWidths(this.ladders, walk) };
  }

  receiveTrialResult({ trialJobId, value }) {
    const walk = this.walks.get(trialJobId);
    const accuracy = value?.accuracy ?? NaN; // a phase without one counts as one that suffered
    walk.leastAccuracy ??= accuracy - this.tolerance;
    if (accuracy >= walk.leastAccuracy) stepDown(walk, this.ladders);
    else stepUp(walk);
  }

  /** Parameters that a person added by hand are no step of a walk. */
  receiveCustomizedTrialResult() {}

  startWalk(trialJobId) {
    const layers = Object.keys(this.ladders);
    const walk = {
      /** Layers that may still lose bits, the first one first. */
      open: permutation(layers, this.walks.size),
      /** By layer: how many rungs of its ladder it has gone down. */
      rungs: Object.fromEntries(layers.map((layer) => [layer, 0])),
      /** The layer that went down last. */
      moved: undefined,
      leastAccuracy: undefined,
      arrived: false,
    };
    this.walks.set(trialJobId, walk);
    return walk;
  }
}

/** One rung down for the first open layer that has one left. */
function stepDown(walk, ladders) {
  walk.open = walk.open.filter((layer) => walk.rungs[layer] < ladders[layer].length - 1);
  walk.moved = walk.open[0];
  if (walk.moved === undefined) walk.arrived = true;
  else walk.rungs[walk.moved] += 1;
}

/** One rung back up for the layer that went down last, which then stays where it is. */
function stepUp(walk) {
  walk.open = walk.open.filter((layer) => layer !== walk.moved);
  if (walk.moved === undefined || walk.rungs[walk.moved] === 0) walk.arrived = true;
  else walk.rungs[walk.moved] -= 1;
}

function bitWidths(ladders, { rungs }) {
  return Object.fromEntries(Object.entries(ladders).map(([layer, widths]) => [layer, widths[rungs[layer]]]));
}

/** The items in one of their n! orders; `number` says which, and begins anew after the last. */
function permutation(items, number) {
  const left = [...items];
  return items.map(() => {
    const choices = left.length;
    const [item] = left.splice(number % choices, 1);
    number = Math.floor(number / choices);
    return item;
  });
}
