#!/usr/bin/env node
/** The program `nnictl`: gives NNI's command line the real world. */
import { processIo } from "../process-io.ts";
import { nnictl } from "./main.ts";

process.exit(await nnictl(process.argv.slice(2), process.env, processIo(process, { asksPipes: true })));
