import { randomBytes, type ScryptOptions, scrypt as scryptCallback, timingSafeEqual } from "node:crypto";
import { ExistError } from "@/lib/errors";

/** OWASP's recommendation for scrypt: 128 MB would be too much for a serverless function, so N=2^15, r=8, p=3 (32 MB). */
const COST = { N: 2 ** 15, r: 8, p: 3 } as const;
const MIN_LENGTH = 12;
const MAX_LENGTH = 200;

function scrypt(password: string, salt: Buffer, length: number, options: ScryptOptions): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		scryptCallback(password.normalize("NFKC"), salt, length, { ...options, maxmem: 256 * 1024 * 1024 }, (error, key) => {
			if (error === null) resolve(key);
			else reject(error);
		});
	});
}

/** Throws `invalid` where a password is too short or too long. Length is all that is asked for (NIST SP 800-63B). */
export function checkPassword(password: string): void {
	if (password.length < MIN_LENGTH) throw new ExistError("invalid", `The password has ${password.length} characters, at least ${MIN_LENGTH} are needed.`, { field: "password" });
	if (password.length > MAX_LENGTH) throw new ExistError("invalid", `The password has ${password.length} characters, at most ${MAX_LENGTH} are read.`, { field: "password" });
}

/** `scrypt$N$r$p$salt$key`: everything a later release needs to check it. */
export async function hashPassword(password: string): Promise<string> {
	checkPassword(password);
	const salt = randomBytes(16);
	const key = await scrypt(password, salt, 32, COST);
	return `scrypt$${COST.N}$${COST.r}$${COST.p}$${salt.toString("base64url")}$${key.toString("base64url")}`;
}

/** A hash nobody has the password of: checking against it costs what checking a real one costs. */
const NOBODY = `scrypt$${COST.N}$${COST.r}$${COST.p}$${randomBytes(16).toString("base64url")}$${randomBytes(32).toString("base64url")}`;

/** Whether the password belongs to the hash. Takes the same time where there is no hash, so nobody learns who has an account. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
	const [kind, n, r, p, salt, key] = (stored ?? NOBODY).split("$");
	if (kind !== "scrypt" || salt === undefined || key === undefined || password.length > MAX_LENGTH) return false;
	const wanted = Buffer.from(key, "base64url");
	const given = await scrypt(password, Buffer.from(salt, "base64url"), wanted.length, { N: Number(n), r: Number(r), p: Number(p) });
	return timingSafeEqual(given, wanted) && stored !== null;
}
