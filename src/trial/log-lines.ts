/** Characters in one line, and lines in one request, that the manager takes. */
const longestLine = 65_536;
const linesAtOnce = 1_000;

/** The lines of a text, in portions that the manager takes; longer lines are cut into several. */
export function* logLines(text: string): Generator<readonly string[], void, undefined> {
  const lines = text.split("\n").flatMap(pieces);
  for (let start = 0; start < lines.length; start += linesAtOnce)
    yield lines.slice(start, start + linesAtOnce);
}

function pieces(line: string): string[] {
  const count = Math.max(1, Math.ceil(line.length / longestLine));
  return Array.from({ length: count }, (_piece, index) =>
    line.slice(index * longestLine, (index + 1) * longestLine),
  );
}
