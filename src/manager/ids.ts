import { createHash, createHmac, randomBytes } from "node:crypto";

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const lettersAndDigits = `${letters}0123456789`;

/** 8 characters, first a letter. */
export function newExperimentId(): string {
  return randomId(8);
}

/** 5 characters, first a letter, none of `taken`. */
export function newTrialJobId(taken: { has(id: string): boolean }): string {
  for (;;) {
    const id = randomId(5);
    if (!taken.has(id)) return id;
  }
}

/** 256 random bits. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/**
 * The token of one attempt of one trial job: derived, so that a restarted manager can hand it out again without it ever
 * being written down.
 */
export function trialJobToken(secret: string, trialJobId: string, attempt: number): string {
  return createHmac("sha256", secret).update(`trial-job/${trialJobId}/${attempt}`).digest("base64url");
}

export function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function randomId(length: number): string {
  const bytes = randomBytes(length);
  return [...bytes].map((byte, index) => pick(index === 0 ? letters : lettersAndDigits, byte)).join("");
}

/** 256 is not a multiple of the alphabet's size; the slight bias does no harm to a name. */
function pick(alphabet: string, byte: number): string {
  return alphabet[byte % alphabet.length] as string;
}
