import { apiRoot } from "../../model/http.ts";

/** Where scripts that were written for NNI find its REST API. Its words and encodings are used below this path only. */
export const nniRoot: string = `${apiRoot}/nni`;

export function isNniPath(path: string): boolean {
  return path === nniRoot || path.startsWith(`${nniRoot}/`);
}
