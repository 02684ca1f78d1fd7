import { constants } from "node:fs";
import { copyFile, lstat, mkdir, readdir, readlink, rm, symlink } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";

/**
 * Copies the code directory, sharing blocks where the file system can. Left out: `.git`, the directory of `target` where it
 * lies inside, sockets and pipes. Relative links inside the tree lead to the copy, links out of it where they led before.
 * An earlier, unfinished copy is replaced.
 */
export async function copyCode(codeDir: string, target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await copyDirectory(codeDir, target, { codeDir, leftOut: dirname(target) });
}

interface Copying {
  readonly codeDir: string;
  /** Output of jobs, which may lie inside the code directory. */
  readonly leftOut: string;
}

async function copyDirectory(from: string, to: string, copying: Copying): Promise<void> {
  await mkdir(to, { recursive: true, mode: (await lstat(from)).mode | 0o700 });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const destination = join(to, entry.name);
    if (entry.name === ".git" || source === copying.leftOut) continue;
    if (entry.isDirectory()) await copyDirectory(source, destination, copying);
    else if (entry.isSymbolicLink()) await copyLink(source, destination, copying);
    else if (entry.isFile()) await copyFile(source, destination, constants.COPYFILE_FICLONE);
  }
}

async function copyLink(source: string, destination: string, { codeDir }: Copying): Promise<void> {
  const target = await readlink(source);
  const absolute = resolve(dirname(source), target);
  const leadsOut = relative(codeDir, absolute).startsWith("..");
  await symlink(leadsOut ? absolute : target, destination);
}
