import { apiRoot } from "../../model/http.ts";
import { html, securityHeaders } from "../responses.ts";
import type { Route } from "../route.ts";
import { viewerRoute } from "../route.ts";

const page = viewerRoute({
  method: "GET",
  path: "/",
  name: "page",
  summary: "A page for people. With `?token=` it sets the cookie and leads to the page without it.",
  answer: { kind: "text", type: "text/html", meaning: "The page" },
  refusals: [],
  handle({ server, context, tokenInUrl }) {
    if (tokenInUrl) return withoutToken(context.req.header("sec-fetch-site"));
    const { experimentId, config } = server.experiment.state;
    return html(pageOf(config.experimentName, experimentId));
  },
});

/**
 * The token leaves the address bar, the history and what is sent to others as referrer. After a link on another site the
 * browser keeps our cookie back as long as it follows redirections; a page of ours that leads on ends that.
 */
function withoutToken(fetchSite: string | undefined): Response {
  if (fetchSite === "cross-site" || fetchSite === "same-site") return html(leadingOn);
  return new Response(null, { status: 303, headers: { location: "/", ...securityHeaders } });
}

const leadingOn = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url=/">
<title>Polyphase</title>
<p><a href="/">To the experiment</a></p>
</html>
`;

function pageOf(name: string, experimentId: string): string {
  const links = ["experiment", "trial-jobs", "phases", "best", "pareto", "export", "log", "events"];
  const items = links.map((link) => `<li><a href="${apiRoot}/${link}">${apiRoot}/${link}</a></li>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(name)} - Polyphase</title>
<h1>${escaped(name)}</h1>
<p>This is the manager of experiment ${escaped(experimentId)}. Its HTTP API is here:</p>
<ul>
${items.join("\n")}
</ul>
</html>
`;
}

function escaped(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] as string);
}

export const pageRoutes: readonly Route[] = [page];
