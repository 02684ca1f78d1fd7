import { addressWithPassword } from "./redactor.ts";

/** Whether a setting is secret by the look of it: by a key, or as an address with a password. An empty text hides nothing. */
export function isSecret(value: string | number, { secret }: { readonly secret: boolean }): boolean {
  return value !== "" && (secret || (typeof value === "string" && addressWithPassword.test(value)));
}

/**
 * Whether a setting of this name holds a secret: `WANDB_API_KEY`, `passWord`, `hf-token`, but neither `max_tokens` nor
 * `tokenizer` nor `keyPath`. In doubt yes: what is sealed for nothing is only shown as a marker.
 */
export function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  const spaced = `_${words.join("_")}_`;
  if (harmlessEndings.has(words.at(-1) ?? "")) return false;
  return secretNoun.test(spaced) || (words.length > 1 && lastWordSecret.test(spaced)) || isToken(spaced);
}

/** `passWord2`, `PASS_WORD` and `pass-word` are the same two words. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "");
}

/** What only says where a secret is, or something about it. */
const harmlessEndings = new Set(
  (
    "path file filename dir directory folder url uri endpoint host name type kind mode policy header field column " +
    "length len size count num number limit budget min max ttl timeout expiry env variable var " +
    "embedding embeddings dim level dropout classification ratio rate"
  ).split(" "),
);

const secretNoun = new RegExp(
  [
    "_[a-z]*pass_?(word|wd|phrase)s?_",
    "_[a-z]*secrets?_",
    "_[a-z]*credentials?_|_creds_",
    "_[a-z]*(api|access|private|secret|auth|signing|encryption|account|storage|license)_?keys?_",
    "_authorization_|_basic_auth_|_sshpass_|_connection_?string_",
  ].join("|"),
);

/** `DB_PASS`, `mysql_pwd`; but `PWD` alone is a directory. */
const lastWordSecret = /_(pass|pwd)_$/;

/** One token opens something; several (`max_tokens`), and those with a place in a text (`eos_token`), are words. */
function isToken(spaced: string): boolean {
  if (/_(access|api|auth|bearer|refresh|session)_?tokens?_/.test(spaced)) return true;
  return /_[a-z]*token_/.test(spaced) && !wordToken.test(spaced);
}

const wordToken =
  /_(max|min|num|n|per|bos|eos|pad|unk|sep|cls|mask|special|stop|start|end|begin|next|first|last|new|prompt|input|output|image|class)_token_|_token_ids?_/;
