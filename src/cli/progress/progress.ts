import type { ExperimentView } from "../../model/http.ts";
import type { Output } from "../io.ts";
import type { Style } from "../terminal/style.ts";
import { cut, visible } from "../terminal/table.ts";
import { createStyle } from "../terminal/style.ts";
import { endedPhases, progressLine } from "./progress-line.ts";
import { createRateMeter } from "./rate-meter.ts";

/** Shows people how an experiment goes on. */
export interface Progress {
  /** Milliseconds after which it is worth looking again. */
  readonly everyMs: number;
  /** How things stand at `now`. May be called at any rate: it is shown as often as is good. */
  update(view: ExperimentView, now: number): void;
  /** Writes a line that stays. */
  say(line: string): void;
  /** Takes the line that does not stay away. */
  end(): void;
}

/** On terminals one line that is drawn again at most 10 times a second; elsewhere a line every 10 s. */
export function createProgress(output: Output, style: Style): Progress {
  return output.isTTY === true ? liveProgress(output, style) : plainProgress(output, style);
}

const redrawMs = 100;
const clearLine = "\r\x1b[K";

function liveProgress(output: Output, style: Style): Progress {
  const meter = createRateMeter();
  let drawnAt = -Infinity;
  let drawn = "";
  return {
    everyMs: redrawMs,
    update(view, now) {
      const perSecond = meter.measure(now, endedPhases(view));
      if (now - drawnAt < redrawMs) return;
      const line = fitting(
        (paint) => progressLine(view, perSecond, paint),
        style,
        (output.columns || 80) - 1,
      );
      if (line === drawn) return;
      output.write(`${clearLine}${line}`);
      drawn = line;
      drawnAt = now;
    },
    say(line) {
      output.write(`${drawn === "" ? "" : clearLine}${line}\n`);
      drawn = "";
    },
    end() {
      if (drawn !== "") output.write(clearLine);
      drawn = "";
    },
  };
}

/** A line that is too long would not be cleared as a whole: it goes without colours, and is cut. */
function fitting(line: (paint: Style) => string, style: Style, width: number): string {
  const painted = line(style);
  return visible(painted) <= width ? painted : cut(line(createStyle(false)), width);
}

const plainEveryMs = 10_000;

function plainProgress(output: Output, style: Style): Progress {
  const meter = createRateMeter();
  let writtenAt: number | undefined;
  let written = "";
  return {
    everyMs: 1_000,
    update(view, now) {
      const perSecond = meter.measure(now, endedPhases(view));
      writtenAt ??= now;
      if (now - writtenAt < plainEveryMs) return;
      const line = progressLine(view, perSecond, style);
      if (line !== written) output.write(`${line}\n`);
      written = line;
      writtenAt = now;
    },
    say: (line) => void output.write(`${line}\n`),
    end() {},
  };
}
