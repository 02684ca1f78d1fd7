// The README's first command: a multi-phase experiment on real training, from a bare clone. Arguments go to `polyphase run`.
import { run, setUp } from "./setup.mjs";

setUp();
const given = process.argv.slice(2);
const config = given.length > 0 ? [] : ["-c", "examples/digits-python/config.yml"];
run(process.execPath, ["dist/cli/bin.js", "run", ...config, ...given]);
