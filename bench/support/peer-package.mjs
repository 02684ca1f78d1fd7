import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** A package of npm that we measure ourselves by, installed into bench/.peers when it is first needed; undefined without it. */
export function peerPackage(name, version) {
  const home = fileURLToPath(new URL("../.peers/", import.meta.url));
  const find = () => {
    try {
      return createRequire(home)(name);
    } catch {
      return undefined;
    }
  };
  const found = find();
  if (found !== undefined) return found;
  console.error(`installing ${name} ${version} into bench/.peers ...`);
  const install = ["install", "--no-save", "--no-fund", "--no-audit", "--prefix", home, `${name}@${version}`];
  spawnSync("npm", install, { stdio: ["ignore", "ignore", "inherit"] });
  return find();
}
