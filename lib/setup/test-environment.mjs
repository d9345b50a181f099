import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { giveUp, say } from "./bootstrap.mjs";
import { startMariadb } from "./mariadb.mjs";
import { startRedis } from "./redis.mjs";

/**
 * The servers the integration tests use: a private database (or the one of DATABASE_URL, in which each test file makes its own
 * schema) and a private redis-server.
 * @returns {Promise<{ env: Record<string, string>, stop: () => Promise<void> }>}
 */
export async function testEnvironment() {
	const folder = mkdtempSync(join(tmpdir(), "exist-test-"));
	const given = process.env.DATABASE_URL;
	if (given !== undefined && given !== "") say("Tests use the server of DATABASE_URL; each makes a database of its own there and removes it.");
	const maria = given !== undefined && given !== "" ? null : await startMariadb(join(folder, "data"), { durable: false, bufferPoolMb: 512 });
	const redis = await startRedis();
	if (redis === null) giveUp("The tests of the shared cache need redis-server: sudo apt-get install redis-server");
	return {
		env: { EXIST_TEST_DATABASE: maria === null ? /** @type {string} */ (given) : maria.url("mysql"), EXIST_TEST_REDIS: redis?.socket ?? "" },
		stop: async () => {
			await maria?.stop();
			await redis?.stop();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
