import { PolyphaseError } from "../model/index.ts";

/** Something is wrong with the file itself. */
export function unreadable(path: string, what: string, cause?: unknown): PolyphaseError {
  return new PolyphaseError("journal-unreadable", `${path} ${what}`, {
    cause,
    hint:
      "put an intact copy in its place, the file and, where there is one, its -wal, both taken at the same moment; a copy that " +
      "was taken while its manager wrote is taken again",
  });
}
