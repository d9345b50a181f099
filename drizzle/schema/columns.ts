import { customType } from "drizzle-orm/mysql-core";

/**
 * Column types that read and write the same on both drivers and on MySQL 8+, Vitess and MariaDB 10.11.
 * The built-in `binary()`, `varbinary()` and `json()` do not: over HTTP they come back as broken strings or text.
 */

/** Bytes from whatever a driver hands back: mysql2 gives Buffers, the HTTP driver Uint8Array or a latin-1 string. */
function toBuffer(value: unknown): Buffer {
	if (Buffer.isBuffer(value)) return value;
	if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
	return Buffer.from(String(value), "latin1");
}

/** Fixed 16 bytes: identities (truncated SHA-256) and IPv4-mapped addresses. */
export const binary16 = customType<{ data: Buffer; driverData: Buffer }>({
	dataType: () => "binary(16)",
	fromDriver: toBuffer,
});

/** Fixed 8 bytes: content digests, compared and never looked up. */
export const binary8 = customType<{ data: Buffer; driverData: Buffer }>({
	dataType: () => "binary(8)",
	fromDriver: toBuffer,
});

/** Fixed 32 bytes: whole SHA-256 values. */
export const binary32 = customType<{ data: Buffer; driverData: Buffer }>({
	dataType: () => "binary(32)",
	fromDriver: toBuffer,
});

/** Bytes up to 16 MB; writers keep one value at or below 1 MB (`max_allowed_packet` counts them escaped). */
export const mediumBlob = customType<{ data: Buffer; driverData: Buffer }>({
	dataType: () => "mediumblob",
	fromDriver: toBuffer,
});

/** Case-sensitive Unicode text of bounded length; the collation is named because PlanetScale's default ignores case. */
export const exactText = customType<{ data: string; driverData: string; config: { length: number } }>({
	dataType: (config) => `varchar(${config?.length ?? 255}) character set utf8mb4 collate utf8mb4_bin`,
});

/** ASCII text compared byte by byte: host keys, codes, slugs. */
export const asciiText = customType<{ data: string; driverData: string; config: { length: number } }>({
	dataType: (config) => `varchar(${config?.length ?? 64}) character set ascii collate ascii_bin`,
});

/** Unbounded Unicode text, case-sensitive. */
export const longText = customType<{ data: string; driverData: string }>({
	dataType: () => "mediumtext character set utf8mb4 collate utf8mb4_bin",
});

/** Words for FULLTEXT only: ASCII, so that a token is never split or folded by a collation. */
export const tokenText = customType<{ data: string; driverData: string }>({
	dataType: () => "mediumtext character set ascii collate ascii_bin",
});

/** JSON kept as text, so that MariaDB (where JSON is an alias of text) and MySQL give the same value back. */
export const jsonText = <T>() =>
	customType<{ data: T; driverData: string }>({
		dataType: () => "mediumtext character set utf8mb4 collate utf8mb4_bin",
		toDriver: (value) => JSON.stringify(value),
		fromDriver: (value) => (typeof value === "string" ? (JSON.parse(value) as T) : (value as unknown as T)),
	});
