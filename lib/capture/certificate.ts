import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import tls from "node:tls";
import type { CDPSession } from "puppeteer-core";
import type { Judge } from "./judge";
import type { CaptureProxy } from "./proxy";
import { kept } from "./record";
import type { Certificate } from "./result";

const MAX_NAMES = 100;
const HANDSHAKE_MS = 5_000;

/** Words for what a browser holds against a certificate. */
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
 * told a person stands in the record. The certificate itself comes from a handshake of our own with the same address, for the
 * browser forgets it when the page's bytes come from us.
 */
export class Certificates {
	readonly #session: CDPSession;
	readonly #context: { judge: Judge; proxy: CaptureProxy };
	readonly #faults = new Map<string, string>();

	constructor(session: CDPSession, context: { judge: Judge; proxy: CaptureProxy }) {
		this.#session = session;
		this.#context = context;
	}

	async watch(): Promise<void> {
		const session = this.#session;
		session.on("Security.certificateError", ({ eventId, errorType, requestURL }) => {
			if (URL.canParse(requestURL) && this.#faults.size < 100) this.#faults.set(new URL(requestURL).origin, errorType);
			session.send("Security.handleCertificateError", { eventId, action: "continue" }).catch(() => {});
		});
		await session.send("Security.enable");
		await session.send("Security.setOverrideCertificateErrors", { override: true });
	}

	/** The certificate of a URL, and how many names it has beyond those that are listed. Null without TLS. */
	async of(address: string): Promise<{ certificate: Certificate; namesMore: number } | null> {
		const url = new URL(address);
		if (url.protocol !== "https:") return null;
		const verdict = await this.#context.judge.judge(url);
		if (!verdict.ok) return null;
		const { leaf, protocol } = await handshake(this.#context.proxy.dialled(verdict.target), url.hostname);
		const fault = this.#faults.get(url.origin);
		const names = (leaf.subjectAltName ?? "").split(", ").filter((name) => name !== "");
		const certificate = {
			subject: kept(leaf.subject ?? "", 500),
			issuer: kept(leaf.issuer, 500),
			names: names.slice(0, MAX_NAMES).map((name) => kept(name.replace(/^(?:DNS|IP Address):/, ""), 253)),
			validFrom: leaf.validFromDate.toISOString(),
			validTo: leaf.validToDate.toISOString(),
			fingerprint: leaf.fingerprint256.replaceAll(":", "").toLowerCase(),
			protocol: kept(protocol, 20),
			fault: fault === undefined ? null : (FAULTS[fault] ?? kept(fault, 100)),
		};
		return { certificate, namesMore: Math.max(0, names.length - MAX_NAMES) };
	}
}

function handshake(to: { host: string; port: number }, name: string): Promise<{ leaf: X509Certificate; protocol: string }> {
	const host = name.replace(/^\[|\]$/g, "");
	return new Promise((resolve, reject) => {
		// Not judged here: the browser has done that.
		const socket = tls.connect({ ...to, ...(isIP(host) === 0 ? { servername: host } : {}), rejectUnauthorized: false, ALPNProtocols: ["h2", "http/1.1"], timeout: HANDSHAKE_MS });
		const fail = (error: Error): void => {
			socket.destroy();
			reject(error);
		};
		socket.once("error", fail);
		socket.once("timeout", () => fail(new Error("no handshake in time")));
		socket.once("secureConnect", () => {
			const leaf = socket.getPeerX509Certificate();
			const protocol = socket.getProtocol() ?? "TLS";
			socket.destroy();
			if (leaf === undefined) reject(new Error("no certificate"));
			else resolve({ leaf, protocol });
		});
	});
}
