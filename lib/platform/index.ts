import { env } from "@/lib/env";
import { ExistError } from "@/lib/errors";
import { type Cache, memoryCache, upstashCache } from "./cache";
import { migrateDatabase } from "./database/migrate";
import { mysqlDatabase } from "./database/mysql";
import { planetscaleDatabase } from "./database/planetscale";
import type { Database } from "./database/types";
import { type AutonomousSystems, type Geo, openGeo, openSystems } from "./geo";

export type { Cache, Limit } from "./cache";
export { isDuplicate, isTooBig } from "./database/errors";
export { inHalves } from "./database/in-halves";
export type { Database, Drizzle, Queryable } from "./database/types";
export type { AutonomousSystems, Geo } from "./geo";
export { log } from "./log";
export { remembered } from "./remembered";
export { seal, unseal } from "./seal";
export { hexLits, isStorable, lit, type SqlValue } from "./sql-literal";
export { places, placesOfEach, turns } from "./turns";

/** One set of connections per process: Next loads modules several times, the global object only once. */
interface Instances {
	database?: Database;
	cache?: Cache;
	geo?: Geo;
	systems?: AutonomousSystems;
}
const shared = globalThis as { existPlatform?: Instances };
shared.existPlatform ??= {};
const instances: Instances = shared.existPlatform;

/** The database of this installation: PlanetScale or any MySQL. Throws `unavailable` where none is configured. */
export function database(): Database {
	if (instances.database !== undefined) return instances.database;
	const config = env().database;
	if (config === null) {
		throw new ExistError("unavailable", "No database is configured. `npm start` brings one; elsewhere set DATABASE_URL, or DATABASE_HOST with its user and password.");
	}
	instances.database = config.kind === "mysql" ? mysqlDatabase(config.url) : planetscaleDatabase(config);
	return instances.database;
}

/** Upstash where it is configured, else this process's memory. */
export function cache(): Cache {
	const { upstash } = env();
	instances.cache ??= upstash === null ? memoryCache() : upstashCache(upstash);
	return instances.cache;
}

/** Country (and city, with a city database) of addresses. */
export function geo(): Geo {
	instances.geo ??= openGeo(env().geo.cityPath ?? undefined);
	return instances.geo;
}

/** Autonomous systems of addresses, where this installation has a file of them. */
export function systems(): AutonomousSystems {
	instances.systems ??= openSystems(env().geo.asnPath ?? undefined);
	return instances.systems;
}

/** Brings the database's tables up to date. Returns how many statements ran. */
export function migrate(): Promise<number> {
	return migrateDatabase(database());
}

/** Lets go of every connection, for commands that end. */
export async function closePlatform(): Promise<void> {
	await instances.database?.close();
	delete instances.database;
	delete instances.cache;
}
