import type { Answer } from "../../route.ts";

/** NNI answered what it had carried out with nothing but the status. */
export const nothing: Answer = { kind: "text", type: "text/plain", meaning: "It is done; the body is empty" };
