#!/usr/bin/env node
import { exitStatusOf } from "../cli/exit-status.js";
import { runProgram } from "../cli/program.js";
import { reportError } from "../cli/report-error.js";
import { compose } from "./compose.js";
import { ProcessTerminal } from "./process-terminal.js";

const terminal = new ProcessTerminal();
const words = process.argv.slice(2);
try {
  await runProgram(compose(terminal, process.env), words);
} catch (error) {
  reportError(terminal, error, words.includes("--json"));
  process.exitCode = exitStatusOf(error);
}
