import { Client, type Config, type Field, type Transaction } from "@planetscale/database";
import { drizzle } from "drizzle-orm/planetscale-serverless";
import * as schema from "@/drizzle/schema";
import { explained, worthRepeating } from "./errors";
import { jitter, repeated } from "./mysql";
import type { Database, Drizzle, Queryable } from "./types";

const ATTEMPTS = 5;
/** Character set number of binary strings. */
const BINARY = 63;

/** A value of the wire (each character one byte) in the shape mysql2 gives. */
function castLikeMysql2(field: Field, value: string | null): unknown {
	if (value === null) return null;
	switch (field.type) {
		case "INT8":
		case "INT16":
		case "INT24":
		case "INT32":
		case "UINT8":
		case "UINT16":
		case "UINT24":
		case "UINT32":
		case "YEAR":
			return Number(value);
		case "INT64":
		case "UINT64": {
			const number = Number(value);
			return Number.isSafeInteger(number) ? number : value;
		}
		case "FLOAT32":
		case "FLOAT64":
			return Number(value);
		case "DECIMAL":
		case "DATE":
		case "TIME":
			return value;
		case "DATETIME":
		case "TIMESTAMP":
			return new Date(`${value.replace(" ", "T")}Z`);
		default:
			return field.charset === BINARY ? Buffer.from(value, "latin1") : Buffer.from(value, "latin1").toString("utf8");
	}
}

/** A client whose statements all go through one open transaction, for Drizzle. */
class TransactionClient extends Client {
	readonly #tx: Transaction;
	constructor(config: Config, tx: Transaction) {
		super(config);
		this.#tx = tx;
	}
	override execute = ((query: string, args: never, options: never) => this.#tx.execute(query, args, options)) as Client["execute"];
}

function queryable(runner: Pick<Client, "execute">, client: Client): Queryable {
	const cast = castLikeMysql2 as NonNullable<Config["cast"]>;
	return {
		db: drizzle(client, { schema }) as unknown as Drizzle,
		async query<T>(text: string): Promise<T[]> {
			const result = await runner.execute(text, null, { as: "object", cast });
			return result.rows as T[];
		},
		async execute(text: string) {
			const result = await runner.execute(text, null, { as: "object", cast });
			return { affected: result.rowsAffected };
		},
	};
}

/** PlanetScale over HTTP. `url` (`http://user:password@host:port`) is for bridges; the cloud is given by its three parts. */
export function planetscaleDatabase(config: { host: string; username: string; password: string } | { url: string }): Database {
	const client = new Client({ ...config });
	const outside = queryable(client, client);
	const told = <T>(promise: Promise<T>): Promise<T> =>
		promise.catch((error: unknown) => {
			throw explained(error);
		});
	return {
		kind: "planetscale",
		db: outside.db,
		query: (text) => told(outside.query(text)),
		execute: (text) => repeated(() => outside.execute(text)),
		async transaction(work) {
			for (let turn = 0; ; turn++) {
				let worked = false;
				try {
					return await client.transaction(async (tx) => {
						const result = await work(queryable(tx as unknown as Pick<Client, "execute">, new TransactionClient({ ...config }, tx)));
						worked = true;
						return result;
					});
				} catch (error) {
					if (worked || turn + 1 >= ATTEMPTS || !worthRepeating(error)) throw explained(error);
					await jitter(turn);
				}
			}
		},
		close: async () => {},
	};
}
