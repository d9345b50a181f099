// `npm run bench -- ingest|search`: speed and memory, side by side in one run.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { prepare, ROOT } from "./bootstrap.mjs";

prepare();
const child = spawn(join(ROOT, "node_modules/.bin/tsx"), ["tests/bench/main.ts", ...process.argv.slice(2)], { stdio: "inherit", env: { ...process.env, LOG_LEVEL: "silent" } });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill("SIGTERM"));
child.on("exit", (code) => process.exit(code ?? 1));
