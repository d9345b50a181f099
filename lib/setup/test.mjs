// `npm test`: everything the tests need, then the tests. Arguments go to vitest.
import { spawn } from "node:child_process";
import { prepare } from "./bootstrap.mjs";
import { testEnvironment } from "./test-environment.mjs";

prepare();
const environment = await testEnvironment();
const child = spawn(process.execPath, ["node_modules/vitest/vitest.mjs", "run", ...process.argv.slice(2)], { stdio: "inherit", env: { ...process.env, ...environment.env } });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill("SIGTERM"));
child.on("exit", async (code) => {
	await environment.stop();
	process.exit(code ?? 1);
});
