import { stripVTControlCharacters } from "node:util";
import { shortened } from "../../model/shortened.ts";

const longest = 300;

/** What was said, and the place in the user's code that it is about, where one is known. */
interface Words {
  readonly text: string;
  readonly place?: string | undefined;
}

/**
 * Why a program failed, from the end of what it wrote to stderr: its last line, without colours; "" where there is none. Where an
 * exception of Python or of Node.js has ended it, that exception, with its place: `KeyError: 'lr' (/home/me/trial.py:3)`. Of a group of
 * exceptions, what it says of itself and then its first one.
 */
export function lastWords(stderr: string): string {
  const lines = stripVTControlCharacters(stderr)
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== "");
  const { text, place } = ofNode(lines) ??
    ofPythonGroup(lines) ??
    ofPython(lines) ?? { text: lines.at(-1) ?? "" };
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
  const place = pythonPlace(before.slice(before.findLastIndex((line) => !/^\s/.test(line)) + 1));
  return place === undefined ? undefined : { text: joined(lines.slice(exception)), place };
}

/** Of the frames of one traceback, the innermost in the user's own code. */
function pythonPlace(frames: readonly string[]): string | undefined {
  const places = frames.toReversed().flatMap((line) => placeIn(line, pythonFrame));
  return places.find((each) => !pythonBorrowed.test(each)) ?? places[0];
}

/**
 * Python draws a group of exceptions as a tree:
 *
 *       + Exception Group Traceback (most recent call last):
 *       |   File "trial.py", line 11, in <module>
 *       | ExceptionGroup: two workers failed (2 sub-exceptions)
 *       +-+---------------- 1 ----------------                   the first of a group: perhaps a group itself
 *         | Traceback (most recent call last):
 *         |   File "trial.py", line 2, in work
 *         | ValueError: no data
 *         +---------------- 2 ----------------
 *         | ValueError: no room
 *         +------------------------------------
 */
const groupHeading = /^\s*\+ Exception Group Traceback/;
const groupBranch = /^\s*\+(-\+)?-{16} (\d+|\.\.\.) -{16}$/;
const groupEnd = /^\s*\+-{36}$/;
const longestGroup = 120;

/** The group, and the first exception in it that is none. */
function ofPythonGroup(lines: readonly string[]): Words | undefined {
  if (!groupEnd.test(lines.at(-1) ?? "")) return undefined;
  const heading = lines.findLastIndex((line) => groupHeading.test(line));
  const tree = lines.slice(heading + 1);
  const branches = tree.flatMap((line, index) => (groupBranch.test(line) ? [index] : []));
  const first = branches.findIndex((_, place) => !opensGroup(tree[branches[place + 1] ?? -1]));
  if (first === -1) return undefined;
  const start = (branches[first] as number) + 1;
  const end = tree.findIndex((line, index) => index >= start && /^\s*\+-/.test(line));
  const exception = ofBranch(tree.slice(start, end));
  if (heading === -1) return exception; // it began before what was kept of stderr
  const group = ofBranch(tree.slice(0, branches[0]));
  const text = `${shortened(group.text, longestGroup)}: ${exception.text}`;
  return { text, place: exception.place ?? group.place };
}

function opensGroup(branch: string | undefined): boolean {
  return groupBranch.exec(branch ?? "")?.[1] !== undefined;
}

/** What Python draws between an exception and the one that came of it, which is told. */
const chained = /^(The above exception was the direct cause of|During handling of the above exception)/;

/** Further lines of a message stand there without the bar. */
function ofBranch(branch: readonly string[]): Words {
  const all = branch.map((line) => line.replace(/^\s*\| ?/, "")).filter((line) => line !== "");
  const lines = all.slice(all.findLastIndex((line) => chained.test(line)) + 1);
  const last = lines.findLastIndex((line) => pythonFrame.test(line));
  const exception = lines.findIndex((line, index) => index > last && !/^\s/.test(line));
  return { text: joined(lines.slice(exception)), place: pythonPlace(lines.slice(0, exception)) };
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
