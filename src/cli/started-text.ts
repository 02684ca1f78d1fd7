import type { Started } from "./background.ts";
import type { Style } from "./terminal/style.ts";
import { paintStatus } from "./terminal/style.ts";
import { facts } from "./terminal/table.ts";

interface Address {
  readonly publicUrl: string;
  readonly token: string;
}

/** Lets a browser in, once: the page keeps a cookie instead. */
export function pageUrl({ publicUrl, token }: Address): string {
  return `${publicUrl}/?token=${token}`;
}

/** Where a background experiment is, and what to do with it next. */
export function startedText(
  style: Style,
  verb: "started" | "resumed",
  experiment: Address & Pick<Started, "id" | "pid" | "directory" | "status">,
): string {
  const { id, pid, directory, status } = experiment;
  return [
    `${style.good(verb)} experiment ${style.bold(id)} in the background (pid ${pid})`,
    facts([
      [
        "  status",
        status === "PAUSED" ? `still ${paintStatus(status, style)}: polyphase unpause ${id}` : null,
      ],
      ["  page", pageUrl(experiment)],
      ["  data", directory],
      ["  next", `polyphase status ${id}`],
      ["", `polyphase best ${id}`],
      ["", `polyphase stop ${id}`],
    ]),
  ].join("\n");
}
