const stringOrBare = /"[^"\\]*(?:\\.[^"\\]*)*"|NaN|-?Infinity/g;

/** JSON of Python's kind, in which NaN and the infinities stand bare, with these spelled anew. What stands in texts stays. */
export function respellBareNumbers(text: string, spelling: (name: string) => string): string {
  return text.replace(stringOrBare, (piece) => (piece.startsWith('"') ? piece : spelling(piece)));
}
