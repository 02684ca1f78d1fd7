#!/usr/bin/env node
/** The program `polyphase`: gives the command line the real world. */
import { exit } from "./exit.ts";
import { main } from "./main.ts";
import { processIo } from "./process-io.ts";

await exit(process, await main(process.argv.slice(2), process.env, processIo(process)));
