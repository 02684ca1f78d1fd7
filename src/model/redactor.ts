/** Takes secrets out of texts that are to be kept or shown. */
export interface Redactor {
  /** From now on this value is taken out too; one that is too short to be told from other text is not. */
  add(secret: string): void;
  /** The text with `***` in place of every secret, also of one that was cut off behind. */
  redact(text: string): string;
}

/** Shorter ones occur by chance. */
const shortest = 6;

/** Of a secret that was cut off, this many characters may stay, or a third of it. */
const longestRest = 24;

/** A redactor that knows these values. One pass over a text, however many there are. */
export function redactor(secrets: Iterable<string> = []): Redactor {
  /** By their first characters. */
  const known = new Map<string, Set<string>>();

  function add(secret: string): void {
    for (const form of formsOf(secret)) {
      if (form.length < shortest) continue;
      const start = form.slice(0, shortest);
      const alike = known.get(start) ?? new Set();
      known.set(start, alike.add(form));
    }
  }

  function redact(text: string): string {
    if (known.size === 0) return text;
    let clean = "";
    let copied = 0;
    for (let at = 0; at + shortest <= text.length; at++) {
      const length = longestMatch(text, at, known.get(text.slice(at, at + shortest)));
      if (length === 0) continue;
      clean += `${text.slice(copied, at)}***`;
      copied = at + length;
      at = copied - 1;
    }
    return copied === 0 ? text : clean + text.slice(copied);
  }

  for (const secret of secrets) add(secret);
  return { add, redact };
}

/** How a secret may stand in a text: as it is, line by line, without the `Bearer` before it, inside quotes, inside an address. */
function formsOf(secret: string): readonly string[] {
  const parts = secret.split(/[\s="']+/).filter((part) => part.length >= 2 * shortest);
  return [secret, ...parts, JSON.stringify(secret).slice(1, -1), encoded(secret), ...passwordIn(secret)];
}

function encoded(secret: string): string {
  try {
    return encodeURIComponent(secret);
  } catch {
    return secret; // half a surrogate pair
  }
}

function passwordIn(secret: string): readonly string[] {
  const [, password] = addressWithPassword.exec(secret) ?? [];
  return password === undefined ? [] : [password];
}

/** `https://user:password@host`. */
export const addressWithPassword: RegExp = /^[a-z][a-z\d+.-]*:\/\/[^\s/@:]*:([^\s/@]+)@/i;

function longestMatch(text: string, at: number, candidates: Iterable<string> = []): number {
  let longest = 0;
  for (const secret of candidates) {
    const length = commonLength(text, at, secret);
    if (length >= Math.min(secret.length, leastLeft(secret))) longest = Math.max(longest, length);
  }
  return longest;
}

function leastLeft(secret: string): number {
  return Math.min(Math.max(8, Math.ceil(secret.length / 3)), longestRest);
}

function commonLength(text: string, at: number, secret: string): number {
  let length = 0;
  while (length < secret.length && text[at + length] === secret[length]) length++;
  return length;
}
