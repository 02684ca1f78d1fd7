import type { ManagerFile } from "../manager/home.ts";
import { readToken, readViewerToken } from "../manager/home.ts";
import { directoryOf, runningAddress } from "./experiments.ts";
import type { Session } from "./session.ts";
import { pageUrl } from "./started-text.ts";

export interface PageAddress {
  readonly access: "admin" | "viewer";
  readonly url: string;
}

/** Where the experiment's page is, for whoever may do `wanted`. A manager that outlives its experiment lets everybody only read. */
export function pageAddress(
  session: Session,
  experiment: ManagerFile,
  wanted: PageAddress["access"],
): PageAddress {
  const { lingersAt } = experiment;
  const access = lingersAt === null ? wanted : "viewer";
  const publicUrl = lingersAt ?? runningAddress(experiment).publicUrl;
  const directory = directoryOf(session, experiment);
  const token = access === "viewer" ? readViewerToken(directory) : readToken(directory);
  return { access, url: pageUrl({ publicUrl, token }) };
}
