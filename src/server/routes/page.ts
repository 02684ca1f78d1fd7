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
  handle({ server, tokenInUrl }) {
    // The token leaves the address bar, the history and what is sent to others as referrer.
    if (tokenInUrl)
      return new Response(null, { status: 303, headers: { location: "/", ...securityHeaders } });
    const { experimentId, config } = server.experiment.state;
    return html(pageOf(config.experimentName, experimentId));
  },
});

function pageOf(name: string, experimentId: string): string {
  const links = ["experiment", "trial-jobs", "phases", "best", "export", "log", "events"];
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
