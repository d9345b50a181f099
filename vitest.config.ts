import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const alias = { "@": resolve(import.meta.dirname) };

export default defineConfig({
	resolve: { alias },
	test: {
		reporters: ["default", "./tests/harness/summary.ts"],
		// Two cores: the database has work to do as well.
		maxWorkers: 2,
		env: { LOG_LEVEL: "silent" },
		projects: [
			{ extends: true, test: { name: "unit", include: ["tests/unit/**/*.test.ts"], testTimeout: 30_000 } },
			{ extends: true, test: { name: "e2e", globalSetup: ["./tests/e2e/build.ts"], include: ["tests/e2e/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 240_000 } },
			{ extends: true, test: { name: "integration", include: ["tests/integration/**/*.test.ts"], testTimeout: 120_000, hookTimeout: 60_000 } },
		],
	},
});
