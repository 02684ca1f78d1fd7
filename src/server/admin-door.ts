import { createHmac, hash, timingSafeEqual } from "node:crypto";
import { bearerToken, unauthorized } from "./trial-tokens.ts";

/** Lets people and programs with the experiment's token in. */
export interface AdminDoor {
  /**
   * Throws `unauthorized` unless the request carries the token: as bearer token, as the cookie of an earlier request, or
   * (only to read) as `?token=`. Returns the cookie to set in that last case.
   */
  admit(request: Request): string | undefined;
}

const hint = "open the URL that was printed when the experiment started, or send Authorization: Bearer TOKEN";

/**
 * Cookies know no ports: any server on this machine that the browser visits is sent ours. The cookie therefore has the
 * experiment's id in its name and, as its value, not the token but something derived from it.
 */
export function adminDoor(adminToken: string, experimentId: string): AdminDoor {
  const cookieName = `polyphase_${experimentId}`;
  const session = createHmac("sha256", adminToken).update("polyphase browser session").digest("hex");
  return {
    admit(request) {
      const bearer = request.headers.get("authorization");
      if (bearer !== null) {
        if (sameText(bearerToken(bearer) ?? "", adminToken)) return undefined;
        throw unauthorized(`the token is not this experiment's; ${hint}`);
      }
      if (sameText(cookie(request, cookieName) ?? "", session)) return undefined;
      const token = request.method === "GET" ? new URL(request.url).searchParams.get("token") : null;
      if (token === null) throw unauthorized(`a token is needed; ${hint}`);
      if (!sameText(token, adminToken)) throw unauthorized(`the token is not this experiment's; ${hint}`);
      return `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`;
    },
  };
}

function cookie(request: Request, name: string): string | undefined {
  const pairs = (request.headers.get("cookie") ?? "").split(/; */);
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** In a time that does not depend on where the texts differ. */
function sameText(a: string, b: string): boolean {
  return timingSafeEqual(hash("sha256", a, "buffer"), hash("sha256", b, "buffer"));
}
