#!/usr/bin/env node
import { runProgram } from "../cli/program.js";
import { compose } from "./compose.js";

await runProgram(compose(process.env), process.argv.slice(2));
