#!/usr/bin/env node
/** The program `nnictl`: gives NNI's command line the real world. */
import { exit } from "../exit.ts";
import { processIo } from "../process-io.ts";
import { nnictl } from "./main.ts";

const io = processIo(process, { asksPipes: true });
await exit(process, await nnictl(process.argv.slice(2), process.env, io));
