/** The server's locks on real managers: files, tokens, TLS with a real certificate. Needs `npm run build`. */
import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ExperimentView } from "../src/model/http.ts";
import { selfSigned } from "./support/certificate.ts";
import { bin, json, run, until } from "./support/program.ts";
import type { Created } from "./support/program.ts";
import { scratchProject } from "./support/project.ts";
import type { Project } from "./support/project.ts";

let project: Project;
beforeEach(() => void (project = scratchProject()));
afterEach(async () => {
  await run(project, "stop", "--all");
  await project.dispose();
});

interface Address {
  readonly id: string;
  readonly access: string;
  readonly url: string;
}

const directoryOf = (id: string): string => join(project.home, "experiments", id);
const contentOf = (id: string, name: string): string =>
  readFileSync(join(directoryOf(id), name), "utf8").trim();
const stop = async (id: string): Promise<void> => void (await json(project, "stop", id));

/** Reports a phase as soon as a file `go` is there. */
const patient = `import os, time, polyphase
for parameters in polyphase.phases():
    while not os.path.exists("go"):
        time.sleep(0.02)
    polyphase.report_final_result(parameters["x"])
`;

describe("tokens", () => {
  test("url prints the page's address, for the admin or for a viewer, who may not stop the experiment", async () => {
    const { id, url } = await json<Created>(project, "create", "-c", project.configure({ python: patient }));
    const [admin, viewer] = [contentOf(id, "token"), contentOf(id, "viewer-token")];
    expect(admin).not.toBe(viewer);
    expect((await run(project, "url", id)).stdout).toBe(`${url}/?token=${admin}\n`);
    expect((await run(project, "url", "--viewer")).stdout).toBe(`${url}/?token=${viewer}\n`);
    expect(await json<Address>(project, "url", id, "--viewer")).toEqual({
      id,
      access: "viewer",
      url: `${url}/?token=${viewer}`,
    });
    const headers = { authorization: `Bearer ${viewer}` };
    expect((await fetch(`${url}/api/v1/export`, { headers })).status).toBe(200);
    const refused = await fetch(`${url}/api/v1/stop`, { method: "POST", headers });
    expect([refused.status, ((await refused.json()) as { error: { code: string } }).error.code]).toEqual([
      403,
      "read-only",
    ]);
    await stop(id);
    const gone = await run(project, "url", id);
    expect([gone.exitCode, gone.stderr]).toEqual([1, expect.stringContaining("is not running")]);
  });

  test("an experiment that has no viewer token yet gets one at its next start", async () => {
    const { id } = await json<Created>(project, "create", "-c", project.configure({ python: patient }));
    const before = contentOf(id, "token");
    await stop(id);
    rmSync(join(directoryOf(id), "viewer-token"));
    await json(project, "resume", id);
    expect(contentOf(id, "viewer-token")).toMatch(/^[\w-]{43}$/);
    expect(statSync(join(directoryOf(id), "viewer-token")).mode & 0o777).toBe(0o600);
    expect(contentOf(id, "token")).toBe(before);
  });
});

describe("the files of an experiment", () => {
  test.each([
    ["its own directory", {}],
    ["logDir", { logDir: "logs" }],
  ])("are its owner's alone, after a whole run in %s, whatever the umask", async (_what, settings) => {
    const config = project.configure({ maxPhaseNum: 4, trialConcurrency: 2, ...settings });
    const env = { ...process.env, POLYPHASE_HOME: project.home };
    for (const command of ["run", "create"]) {
      const line = `umask 0; exec "${process.execPath}" "${bin}" ${command} -c ${config}`;
      execFileSync("/bin/sh", ["-c", line], { cwd: project.cwd, env });
    }
    const all = await json<{ id: string; pid: number | null }[]>(project, "list");
    expect(all).toHaveLength(2);
    await until(async () =>
      (await json<{ pid: number | null }[]>(project, "list")).every(({ pid }) => pid === null),
    );
    const modes = modesBelow(project.home);
    if ("logDir" in settings) modes.push(...modesBelow(join(project.cwd, "logs")));
    expect(modes.length).toBeGreaterThan(20);
    expect(modes.filter(({ mode }) => mode !== "0700 directory" && mode !== "0600 file")).toEqual([]);
  });
});

/** Of everything; a link has none of its own. */
function modesBelow(directory: string): { readonly path: string; readonly mode: string }[] {
  const entries = readdirSync(directory, { withFileTypes: true });
  return [".", ...entries.map(({ name }) => name)].flatMap((name) => {
    const path = join(directory, name);
    const found = lstatSync(path);
    if (found.isSymbolicLink()) return [];
    const mode = `0${(found.mode & 0o777).toString(8)} ${found.isDirectory() ? "directory" : "file"}`;
    return found.isDirectory() && name !== "." ? modesBelow(path) : [{ path, mode }];
  });
}

describe("trial code that puts a link in the place of its log", () => {
  test("gets neither a file of others shown nor written to", async () => {
    const python = `import os, polyphase
out = os.environ["NNI_OUTPUT_DIR"]
os.remove(out + "/stdout")
os.symlink("/etc/passwd", out + "/stdout")
${patient}`;
    const { id, url } = await json<Created>(project, "create", "-c", project.configure({ python }));
    const trials = join(directoryOf(id), "trials");
    const jobIn = (): string | undefined => (existsSync(trials) ? readdirSync(trials)[0] : undefined);
    const isLink = (job: string): boolean =>
      lstatSync(join(trials, job, "stdout"), { throwIfNoEntry: false })?.isSymbolicLink() === true;
    await until(() => jobIn() !== undefined && isLink(jobIn() as string));
    const headers = { authorization: `Bearer ${contentOf(id, "viewer-token")}` };
    const answer = await fetch(`${url}/api/v1/trial-jobs/${jobIn()}/log`, { headers });
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: "log-unavailable" } }]);
    expect(await run(project, "trial", "log", id, jobIn() as string)).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringContaining("it is a link") as string,
    });
  });

  test("also a stderr that is a link says nothing about why the job failed", async () => {
    const python = `import os, sys
out = os.environ["NNI_OUTPUT_DIR"]
os.remove(out + "/stderr")
os.symlink(os.getcwd() + "/private", out + "/stderr")
sys.exit(3)
`;
    project.write("private", "a private key\n");
    await run(project, "run", "-c", project.configure({ python, maxTrialNum: 1 }));
    const [ended] = await json<{ id: string }[]>(project, "list");
    const [job] = project.state(ended?.id ?? "").trialJobs.values();
    expect(job?.reason).toBe("exit code 3");
  });
});

describe("an address that other machines reach", () => {
  test.each([["0.0.0.0"], ["::"], ["192.0.2.1"]])(
    "%s is refused without TLS, and nothing is left",
    async (host) => {
      for (const command of ["run", "create"]) {
        const { exitCode, stderr } = await run(project, command, "-c", project.configure(), "--host", host);
        expect(exitCode).toBe(1);
        expect(stderr).toContain(`got ${host} without TLS`);
        expect(stderr).toMatch(/hint: --tls-cert FILE --tls-key FILE .*--insecure-public-bind/);
      }
      expect(await json(project, "list")).toEqual([]);
    },
  );

  test("certificate and key come together, and must be there", async () => {
    const config = project.configure();
    const half = await run(project, "run", "-c", config, "--tls-cert", "cert.pem");
    expect([half.exitCode, half.stderr]).toEqual([2, expect.stringContaining("come together")]);
    const none = await run(project, "run", "-c", config, "--tls-cert", "no.pem", "--tls-key", "no.pem");
    expect([none.exitCode, none.stderr]).toEqual([1, expect.stringContaining("expected a PEM file at ")]);
    const [one, other] = [selfSigned("localhost"), selfSigned("localhost")];
    project.write("cert.pem", one.cert);
    project.write("key.pem", other.key);
    const wrong = await run(
      project,
      "create",
      "-c",
      config,
      "--tls-cert",
      "cert.pem",
      "--tls-key",
      "key.pem",
    );
    expect([wrong.exitCode, wrong.stderr]).toEqual([1, expect.stringContaining("certificate and its key")]);
    expect(await json(project, "list")).toEqual([]);
  });

  test("at the user's word it listens there without TLS, also after a resume", async () => {
    const config = project.configure({ python: patient });
    const { id, url } = await json<Created>(
      project,
      "create",
      "-c",
      config,
      "--host",
      "0.0.0.0",
      "--insecure-public-bind",
    );
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    await stop(id);
    await json(project, "resume", id);
    expect(JSON.parse(contentOf(id, "listen.json"))).toMatchObject({
      host: "0.0.0.0",
      insecurePublicBind: true,
    });
    await stop(id);
    const back = await run(project, "resume", id, "--host", "0.0.0.0");
    expect([back.exitCode, back.stderr]).toEqual([1, expect.stringContaining("without TLS")]);
  });
});

describe("TLS", () => {
  function get(url: string, ca: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      request(url, { ca, agent: false, servername: "localhost" }, resolve).on("error", reject).end();
    });
  }

  test("people speak HTTPS; trial jobs and the command line work as ever; a resume finds certificate and ports again", async () => {
    const tls = selfSigned("localhost");
    project.write("cert.pem", tls.cert);
    project.write("key.pem", tls.key);
    const config = project.configure({ python: patient, maxPhaseNum: 3 });
    const files = ["--tls-cert", "cert.pem", "--tls-key", "key.pem"];
    const { id } = await json<Created>(project, "create", "-c", config, "--host", "0.0.0.0", ...files);

    const { url } = await json<Address>(project, "url", id, "--viewer");
    expect(url).toMatch(/^https:\/\/localhost:\d+\/\?token=/);
    const page = await get(url, tls.cert);
    page.resume();
    expect([page.statusCode, page.headers["set-cookie"]?.[0]]).toEqual([
      303,
      expect.stringMatching(/; Secure$/),
    ]);
    await stop(id);

    await json(project, "resume", id);
    expect((await json<Address>(project, "url", id, "--viewer")).url).toBe(url);
    const { origin, search } = new URL(url);
    const view = await get(`${origin}/api/v1/experiment${search}`, tls.cert);
    expect(JSON.parse(await text(view))).toMatchObject({ id, status: "RUNNING" });
    expect(contentOf(id, "listen.json")).not.toContain("PRIVATE KEY");

    project.write("go", "");
    await until(async () => (await json<ExperimentView>(project, "status", id)).status === "DONE");
    expect(
      [...project.state(id).phases.values()].filter(({ outcome }) => outcome === "succeeded"),
    ).toHaveLength(2); // the stop ended the first
  });

  test("a link that leads nowhere as certificate is an error that names it", async () => {
    symlinkSync("nowhere", join(project.cwd, "cert.pem"));
    const { stderr } = await run(
      project,
      "run",
      "-c",
      project.configure(),
      "--tls-cert",
      "cert.pem",
      "--tls-key",
      "cert.pem",
    );
    expect(stderr).toContain(join(project.cwd, "cert.pem"));
  });
});
