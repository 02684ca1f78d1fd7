import { createHmac } from "node:crypto";
import { PolyphaseError } from "../model/index.ts";
import type { Caller } from "./caller.ts";
import { sameText } from "./same-text.ts";
import { bearerToken, unauthorized, wrongToken } from "./trial-tokens.ts";

/** Lets people and programs with one of the experiment's tokens in. */
export interface ManagementDoor {
  /**
   * Which token the request carries: as bearer token, as the password of Basic authentication, (only to read) as `?token=`, or as the cookie of an earlier request.
   * Throws `unauthorized` where there is none, `wrong-token` where it is not this experiment's.
   */
  admit(request: Request): Admission;
}

export interface Admission {
  readonly token: Caller["token"];
  /** The token came in the URL: this cookie takes its place. It opens what that token opens. */
  readonly cookie?: string;
}

export interface ManagementTokens {
  /** Opens everything but the trial API. */
  readonly admin: string;
  /** Opens what only reads. Undefined: there is no such token. */
  readonly viewer: string | undefined;
  /** Opens what `admin` opens, as a password. Undefined: there is none. */
  readonly password?: string | undefined;
}

const hint = "polyphase url prints the page's address; programs send Authorization: Bearer TOKEN";

/**
 * Cookies know no ports: any server on this machine that the browser visits is sent ours. The cookie therefore has the
 * experiment's id in its name and, as its value, not the token but something derived from it.
 */
export function managementDoor(tokens: ManagementTokens, experimentId: string): ManagementDoor {
  const cookieName = `polyphase_${experimentId}`;
  const keys = keysOf(tokens);
  return {
    admit(request) {
      const header = request.headers.get("authorization");
      if (header !== null) {
        const password = basicPassword(header);
        if (password !== undefined && tokens.password && sameText(password, tokens.password))
          return { token: "admin" };
        return { token: keyWith(keys, "text", bearerToken(header) ?? password ?? missing()).token };
      }
      const inUrl = request.method === "GET" ? new URL(request.url).searchParams.get("token") : null;
      if (inUrl !== null) {
        const { token, session } = keyWith(keys, "text", inUrl);
        const secure = request.url.startsWith("https:") ? "; Secure" : "";
        return { token, cookie: `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict${secure}` };
      }
      const session = cookie(request, cookieName);
      return { token: keyWith(keys, "session", session ?? missing()).token };
    },
  };
}

/**
 * What programs send that take passwords from a netrc file. Browsers send one only where a person has typed it: no answer of
 * ours makes them ask. Undefined where the header holds none.
 */
function basicPassword(authorization: string): string | undefined {
  const encoded = /^Basic +([\w+/=-]+) *$/i.exec(authorization)?.[1] ?? "";
  const [, password = ""] = /^[^:]*:(.*)$/s.exec(Buffer.from(encoded, "base64").toString()) ?? [];
  return password === "" ? undefined : password;
}

interface Key {
  readonly token: Caller["token"];
  readonly text: string;
  /** The value of the cookie. */
  readonly session: string;
}

/** An empty token is none: it would open the door to everybody. */
function keysOf({ admin, viewer }: ManagementTokens): readonly Key[] {
  if (admin === "") throw new PolyphaseError("token-missing", "the experiment's token is empty");
  const session = (text: string): string =>
    createHmac("sha256", text).update("polyphase browser session").digest("hex");
  const adminKey: Key = { token: "admin", text: admin, session: session(admin) };
  return viewer ? [adminKey, { token: "viewer", text: viewer, session: session(viewer) }] : [adminKey];
}

function missing(): never {
  throw unauthorized(`a token is needed; ${hint}`);
}

function keyWith(keys: readonly Key[], field: "text" | "session", given: string): Key {
  const key = keys.find((candidate) => sameText(given, candidate[field]));
  if (key !== undefined) return key;
  throw wrongToken(`the token is not this experiment's; ${hint}`);
}

function cookie(request: Request, name: string): string | undefined {
  const pairs = (request.headers.get("cookie") ?? "").split(/; */);
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
