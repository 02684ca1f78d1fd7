/** Random numbers in [0, 1). An argument wherever chance is needed, so that a seed reproduces a run. */
export interface Random {
  /** Uniform in [0, 1), 32 random bits. */
  next(): number;
  /** Four 32-bit integers: the whole state, so that it can be saved. */
  save(): readonly [number, number, number, number];
}

/**
 * xoshiro128** of Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021),
 * seeded through SplitMix32 so that near seeds give unrelated streams.
 */
export function seeded(seed: number): Random {
  let mix = seed >>> 0;
  // The high half of large seeds counts too.
  mix = (mix ^ Math.imul(Math.floor(seed / 2 ** 32) >>> 0, 0x9e3779b9)) >>> 0;
  const words = splitMix(mix);
  return resumed([words(), words(), words(), words()]);
}

/** SplitMix32: unrelated words from near seeds. */
function splitMix(seed: number): () => number {
  let mix = seed;
  return () => {
    mix = (mix + 0x9e3779b9) >>> 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

/**
 * The chance of one request: of the seed and the parameter id alone, so that a tuner which was told of a proposal goes on as
 * one which made it.
 */
export function seededFor(seed: number, parameterId: number): Random {
  const [a, b, c, d] = seeded(seed).save();
  // The id is spread by a large odd number, so that neither neighbours nor seed and id in each other's place meet.
  const words = splitMix((a + Math.imul(parameterId, 0x85ebca6b)) >>> 0);
  return resumed([words(), (b ^ words()) >>> 0, (c ^ words()) >>> 0, (d ^ words()) >>> 0]);
}

/** A generator that goes on from a saved state. */
export function resumed(state: readonly [number, number, number, number]): Random {
  let [a, b, c, d] = state;
  return {
    next() {
      const scrambled = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = rotateLeft(d, 11);
      return scrambled / 2 ** 32;
    },
    save: () => [a, b, c, d],
  };
}

function rotateLeft(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/** Uniform integer in [0, below). */
export function randomInteger(random: Random, below: number): number {
  return Math.min(below - 1, Math.floor(random.next() * below));
}

/** Standard normal deviate by the polar-free Box-Muller transform; uses two draws. */
export function randomNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}
