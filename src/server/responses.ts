import type { ParametersAnswer } from "../model/http.ts";
import { type Json, messageOf, PolyphaseError, type SearchSpace, spell } from "../model/index.ts";
import { spellParameters } from "../space/index.ts";

/** On every answer that a browser may show. The trial API, which no browser calls, goes without. */
export const securityHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

export const jsonHeaders: Readonly<Record<string, string>> = {
  "content-type": "application/json",
  ...securityHeaders,
};

// Plain objects and strings all the way: the adapter then writes the answer in one go, without Headers or streams.
const trialInit = { status: 200, headers: { "content-type": "application/json" } } as const;

/** Answer of the trial API: numbers that JSON cannot hold are spelled `{"$number": ...}`. */
export function trialAnswer(value: unknown): Response {
  return new Response(spell(value), trialInit);
}

/** Answer of the trial API that carries parameters: their text is made where the search space is known. */
export function parametersAnswer(answer: ParametersAnswer, space: SearchSpace): Response {
  if (answer.kind !== "parameters") return trialAnswer(answer);
  const { parameters, ...rest } = answer;
  const text = spellParameters(space, parameters as Json);
  return new Response(`${JSON.stringify(rest).slice(0, -1)},"parameters":${text}}`, trialInit);
}

/** Answer of the management API. The value is a view: strict JSON already. */
export function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: jsonHeaders });
}

export function plainText(text: string): Response {
  return new Response(text, { headers: { "content-type": "text/plain; charset=utf-8", ...securityHeaders } });
}

export function html(text: string, status = 200): Response {
  return new Response(text, {
    status,
    headers: { "content-type": "text/html; charset=utf-8", ...securityHeaders },
  });
}

/** Text as it comes. Resolves when the first piece is there; throws `log-unavailable` where it cannot be read. */
export async function textStream(pieces: AsyncIterable<string>): Promise<Response> {
  const iterator = pieces[Symbol.asyncIterator]();
  let next = await iterator.next().catch((cause: unknown) => {
    throw new PolyphaseError("log-unavailable", `the log cannot be read: ${messageOf(cause)}`, { cause });
  });
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (next.done === true) return controller.close();
      controller.enqueue(encoder.encode(next.value));
      next = await iterator.next();
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  return new Response(body, {
    headers: { "content-type": "text/plain; charset=utf-8", ...securityHeaders },
  });
}
