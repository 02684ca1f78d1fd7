import type { ManagerFile } from "../manager/home.ts";

/** Undefined where no manager listens, not even one that only answers for an experiment that has ended. */
export function portOf({ url, lingersAt }: Pick<ManagerFile, "url" | "lingersAt">): number | undefined {
  const at = url ?? lingersAt;
  if (at === null) return undefined;
  const { port, protocol } = new URL(at);
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}
