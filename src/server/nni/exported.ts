import * as z from "zod";
import type { ExperimentState, Json, ObservedPoint } from "../../model/index.ts";
import { messageOf, plain } from "../../model/index.ts";
import { nniText, readNniText } from "./nni-text.ts";
import type { NniExportRow } from "./schemas.ts";

/** Every configuration that has a final result, with it, also of jobs that run, failed or were cancelled. */
export function exportRows(state: ExperimentState): readonly NniExportRow[] {
  return [...state.phases.values()]
    .filter(({ outcome }) => outcome === "succeeded")
    .map(({ parameters, value, trialJobId }) => ({
      parameter: plain(parameters),
      value: nniText(value),
      id: trialJobId,
    }));
}

const required = z.unknown().refine((value) => value !== undefined, "is required");

/** What an export holds can be imported; so can plain numbers and objects, and the `data` of a metric. */
export const importRows: z.ZodType<readonly ObservedPoint[]> = z.array(
  z
    .object({
      parameter: required.describe("A configuration."),
      value: required
        .describe("Its result: a number, an object, or either as JSON text.")
        .transform((value, context): Json => {
          try {
            return decoded(value as Json);
          } catch (error) {
            context.addIssue({ code: "custom", message: `expected JSON text: ${messageOf(error)}` });
            return z.NEVER;
          }
        }),
    })
    .transform(({ parameter, value }) => ({ parameters: parameter as Json, value })),
);

/** Text is decoded, and once more where text comes out, as of a metric's `data`. Throws SyntaxError. */
function decoded(value: Json): Json {
  return typeof value === "string" ? decodedAgain(readNniText(value)) : value;
}

function decodedAgain(value: Json): Json {
  if (typeof value !== "string") return value;
  try {
    return readNniText(value);
  } catch {
    return value; // the result is a text
  }
}
