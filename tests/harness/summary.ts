import type { Reporter, TestModule } from "vitest/node";

/** Ends the run with one plain line: `N passed, N failed`. */
export default class Summary implements Reporter {
	onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
		let passed = 0;
		let failed = errors.length;
		for (const module of modules) {
			// Where a hook of a group fails, its tests are skipped: the group itself is what failed.
			for (const suite of module.children.allSuites()) failed += suite.errors().length;
			for (const test of module.children.allTests()) {
				const { state } = test.result();
				if (state === "passed") passed++;
				else if (state === "failed") failed++;
			}
			failed += module.errors().length;
		}
		process.stdout.write(`${passed} passed, ${failed} failed\n`);
	}
}
