import type { ManagerFile } from "../../manager/home.ts";

/** Undefined where no manager listens. */
export function portOf({ url }: Pick<ManagerFile, "url">): number | undefined {
  if (url === null) return undefined;
  const { port, protocol } = new URL(url);
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}
