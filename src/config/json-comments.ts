/**
 * JSON with comments and trailing commas as plain JSON of the same length: what is taken out becomes spaces, so every
 * offset stays true. Tabs outside strings become spaces too. Text that is no JSON comes out as it is, more or less.
 */
export function blankComments(text: string): string {
  return text
    .replace(stringOrComment, (part) => (part.startsWith('"') ? part : part.replace(/[^\r\n]/g, " ")))
    .replace(stringOrTrailingComma, (part) => (part.startsWith(",") ? ` ${part.slice(1)}` : part));
}

const string = String.raw`"(?:[^"\\\r\n]|\\.)*"?`;
const stringOrComment = new RegExp(String.raw`${string}|//[^\r\n]*|/\*[\s\S]*?(?:\*/|$)|\t`, "g");
const stringOrTrailingComma = new RegExp(String.raw`${string}|,(?=\s*[}\]])`, "g");
