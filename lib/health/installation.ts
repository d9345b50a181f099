import { env } from "@/lib/env";
import { judgeStanding } from "@/lib/hunters/standing";
import { cache, database, geo } from "@/lib/platform";

export interface InstallationHealth {
	/** `degraded`: it works, with something missing */
	status: "ok" | "degraded" | "down";
	checks: {
		database: boolean;
		cache: boolean;
		/** news is held against the hunters in time, and none was given up */
		hunters: boolean;
	};
}

/** Whether the database and the shared cache answer, and the hunters see what is new. Never rejects. */
export async function installationHealth(): Promise<InstallationHealth> {
	const [databaseAnswers, cacheAnswers, huntersSee] = await Promise.all([
		Promise.resolve()
			.then(() => database().query("SELECT 1 FROM schema_migration LIMIT 1"))
			.then(
				() => true,
				() => false,
			),
		Promise.resolve()
			.then(() => cache().healthy())
			.catch(() => false),
		Promise.resolve()
			.then(() => judgeStanding(new Date(), database()))
			.then(({ isBehind, aside }) => !isBehind && aside === 0)
			.catch(() => false),
	]);
	const status = databaseAnswers ? (cacheAnswers && huntersSee ? "ok" : "degraded") : "down";
	return { status, checks: { database: databaseAnswers, cache: cacheAnswers, hunters: huntersSee } };
}

/** Whether this is the demonstration, which reads samples in place of the providers. */
export function isDemo(): boolean {
	return env().demo !== null;
}

/** The database countries come from, for the credits. */
export function geoCredit(): string {
	return geo().database;
}
