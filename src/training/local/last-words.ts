import { stripVTControlCharacters } from "node:util";

const longest = 300;

/** What was said, and the place in the user's code that it is about, where one is known. */
interface Words {
  readonly text: string;
  readonly place?: string | undefined;
}

/**
 * Why a program failed, from the end of what it wrote to stderr: its last line, without colours; "" where there is none. Where an
 * exception of Python or of Node.js has ended it, that exception, with its place: `KeyError: 'lr' (/home/me/trial.py:3)`.
 */
export function lastWords(stderr: string): string {
  const lines = stripVTControlCharacters(stderr)
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== "");
  const { text, place } = ofNode(lines) ?? ofPython(lines) ?? { text: lines.at(-1) ?? "" };
  const said = text.trim().slice(0, longest);
  return place === undefined ? said : `${said} (${place})`;
}

/** One line: what its lines say without their indentation. */
function joined(lines: readonly string[]): string {
  return lines.map((line) => line.trim()).join(" ");
}

/** A line of a traceback, and code that is not the user's own. */
const pythonFrame = /^\s+File "([^"]+)", line (\d+)/;
const pythonBorrowed =
  /[\\/](site-packages|dist-packages|lib[\\/]python3\.\d+|python[\\/](polyphase|nni))[\\/]|^<frozen /;

/** A traceback is what stands indented before the exception; what stands indented below it belongs to its message. */
function ofPython(lines: readonly string[]): Words | undefined {
  const exception = lines.findLastIndex((line) => !/^\s/.test(line));
  const before = lines.slice(0, Math.max(0, exception));
  const frames = before.slice(before.findLastIndex((line) => !/^\s/.test(line)) + 1).toReversed();
  const places = frames.flatMap((line) => placeIn(line, pythonFrame));
  if (places.length === 0) return undefined;
  const place = places.find((each) => !pythonBorrowed.test(each)) ?? places[0];
  return { text: joined(lines.slice(exception)), place };
}

/** A line of a stack; the line above the code that threw; and code that is not the user's own. */
const nodeFrame = /^\s+at (?:.*\()?(?:file:\/\/)?([^()]+?):(\d+):\d+\)?(?: \{)?$/;
const nodeHeading = /^(?:file:\/\/)?((?:\/|[A-Za-z]:[\\/]|node:).*):(\d+)$/;
const nodeBorrowed = /^node:|[\\/]node_modules[\\/]/;

/** Place, code and a caret below it, then the error and its stack, then the version of Node.js. */
function ofNode(all: readonly string[]): Words | undefined {
  if (!/^Node\.js v\d/.test(all.at(-1) ?? "")) return undefined;
  const lines = all.slice(0, -1).filter((line) => !line.startsWith("(Use `node --trace-"));
  const isFrame = (line: string): boolean => /^\s+at /.test(line);
  const start = lines.findLastIndex((line) => /^\s*\^+\s*$/.test(line) || nodeHeading.test(line)) + 1;
  const stack = lines.findIndex((line, index) => index > start && isFrame(line));
  const said = lines.slice(start, stack === -1 ? undefined : stack);
  const places = [
    ...lines.slice(start).flatMap((line) => placeIn(line, nodeFrame)),
    ...lines.slice(0, start).flatMap((line) => placeIn(line, nodeHeading)),
  ];
  return { text: joined(said), place: places.find((each) => !nodeBorrowed.test(each)) };
}

/** `file:line`, or nothing. */
function placeIn(line: string, pattern: RegExp): string[] {
  const [, file, number] = pattern.exec(line) ?? [];
  return file === undefined || number === undefined ? [] : [`${file}:${number}`];
}
