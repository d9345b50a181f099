import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/**
 * Secrets at rest: AES-256-GCM under a key derived from the installation's own secret (HKDF-SHA-256), a fresh nonce each time.
 * `what` is bound to the text, so that a sealed value moved to another row does not open.
 */

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 1;

function keyOf(secret: string): Buffer {
	return Buffer.from(hkdfSync("sha256", secret, "exist", "sealed secrets", 32));
}

/** Version, nonce, tag, text. */
export function seal(text: string, what: string, secret: string): Buffer {
	const nonce = randomBytes(NONCE_BYTES);
	const cipher = createCipheriv("aes-256-gcm", keyOf(secret), nonce);
	cipher.setAAD(Buffer.from(what));
	const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
	return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), sealed]);
}

/** The text, or null where it was sealed under another secret, for something else, or changed since. */
export function unseal(sealed: Buffer, what: string, secret: string): string | null {
	if (sealed.length < 1 + NONCE_BYTES + TAG_BYTES || sealed[0] !== VERSION) return null;
	const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
	const decipher = createDecipheriv("aes-256-gcm", keyOf(secret), nonce);
	decipher.setAAD(Buffer.from(what));
	decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES));
	try {
		return decipher.update(sealed.subarray(1 + NONCE_BYTES + TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
	} catch {
		return null;
	}
}
