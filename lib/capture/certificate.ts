import { X509Certificate } from "node:crypto";
import type { CDPSession, Protocol } from "puppeteer-core";
import { kept } from "./record";
import type { Certificate } from "./result";

const MAX_NAMES = 100;

/** Words for what the browser holds against a certificate. */
const FAULTS: Readonly<Record<string, string>> = {
	ERR_CERT_AUTHORITY_INVALID: "it is signed by nobody a browser trusts",
	ERR_CERT_COMMON_NAME_INVALID: "it is made for another name",
	ERR_CERT_DATE_INVALID: "it is expired or not yet valid",
	ERR_CERT_REVOKED: "it was revoked",
	ERR_CERT_WEAK_SIGNATURE_ALGORITHM: "its signature is weak",
	ERR_CERT_WEAK_KEY: "its key is weak",
};

/**
 * Certificates with faults are looked at, not refused: most of what is captured has one sooner or later. What the browser would have
 * said to a person stands in the record.
 */
export class Certificates {
	readonly #session: CDPSession;
	readonly #faults = new Map<string, string>();
	readonly #details = new Map<string, Protocol.Network.SecurityDetails>();

	constructor(session: CDPSession) {
		this.#session = session;
	}

	async watch(): Promise<void> {
		const session = this.#session;
		session.on("Security.certificateError", ({ eventId, errorType, requestURL }) => {
			if (URL.canParse(requestURL) && this.#faults.size < 100) this.#faults.set(new URL(requestURL).origin, errorType);
			session.send("Security.handleCertificateError", { eventId, action: "continue" }).catch(() => {});
		});
		session.on("Network.responseReceived", ({ response: { url, securityDetails } }) => {
			if (securityDetails !== undefined && URL.canParse(url) && this.#details.size < 100) this.#details.set(new URL(url).origin, securityDetails);
		});
		await session.send("Security.enable");
		await session.send("Security.setOverrideCertificateErrors", { override: true });
	}

	async of(url: string): Promise<Certificate | null> {
		const { origin, protocol } = new URL(url);
		if (protocol !== "https:") return null;
		const { tableNames } = await this.#session.send("Network.getCertificate", { origin });
		if (tableNames[0] === undefined) return null;
		const leaf = new X509Certificate(Buffer.from(tableNames[0], "base64"));
		const fault = this.#faults.get(origin);
		return {
			subject: kept(leaf.subject ?? "", 500),
			issuer: kept(leaf.issuer, 500),
			names: (leaf.subjectAltName ?? "")
				.split(", ")
				.filter((name) => name !== "")
				.slice(0, MAX_NAMES)
				.map((name) => kept(name.replace(/^(?:DNS|IP Address):/, ""), 253)),
			validFrom: leaf.validFromDate.toISOString(),
			validTo: leaf.validToDate.toISOString(),
			fingerprint: leaf.fingerprint256.replaceAll(":", "").toLowerCase(),
			protocol: this.#details.get(origin)?.protocol ?? "TLS",
			fault: fault === undefined ? null : (FAULTS[fault] ?? kept(fault, 100)),
		};
	}
}
