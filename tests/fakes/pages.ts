import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * Harmless pages for captures of the demonstration: whatever host is asked over plain HTTP, this answers. `/go` redirects, `/login` asks
 * for a password that goes nowhere, a path that ends in `.bin` is a download; everything else is a parked page that changes by the minute.
 */

const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

function escaped(text: string): string {
	return text.replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

function page(title: string, body: string, colour: string): string {
	return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title><link rel="icon" href="/favicon.ico"><link rel="stylesheet" href="/style.css">
<style>body{margin:0;font:16px/1.5 sans-serif;background:#f4f6f8;color:#1d2733}header{background:${colour};color:#fff;padding:28px 40px}main{max-width:720px;margin:36px auto;padding:28px 32px;background:#fff;border:1px solid #dde3e9}input{display:block;margin:8px 0;padding:8px;width:280px}</style></head>
<body><header><h1>${escaped(title)}</h1></header><main>${body}</main><script src="/app.js"></script></body></html>`;
}

function parked(host: string, now: number): string {
	const minute = new Date(now).toISOString().slice(0, 16).replace("T", " ");
	return page(
		`${host} is parked`,
		`<p>This page belongs to the demonstration. It was made at ${minute} UTC.</p><p>Related: <a href="http://${escaped(host)}/login">sign in</a>, 120.78.59.202, update-check.metrics-cdn.xyz</p><img src="/pixel.png" alt="">`,
		"#39536f",
	);
}

function login(host: string): string {
	return page(
		"Sign in to continue",
		`<form action="/collect" method="post"><p>Your session at ${escaped(host)} has ended.</p><input name="user" placeholder="E-mail"><input name="password" type="password" placeholder="Password"><button>Sign in</button></form>`,
		"#7a2f3c",
	);
}

/** Answers where a page of some host was asked for, not this server itself; false otherwise. */
export function answerPage(request: IncomingMessage, response: ServerResponse, now = Date.now()): boolean {
	const host = (request.headers.host ?? "").toLowerCase();
	if (host === "" || /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(host)) return false;
	const path = new URL(request.url ?? "/", "http://page").pathname;
	const send = (type: string, body: string | Buffer, extra: Record<string, string> = {}): true => {
		response.writeHead(200, { "content-type": type, server: "demo-pages", "last-modified": "Tue, 24 Nov 2026 06:00:00 GMT", ...extra }).end(body);
		return true;
	};
	if (path === "/go") {
		response.writeHead(302, { location: "http://landing.demo.example/login" }).end();
		return true;
	}
	if (path.endsWith(".bin")) return send("application/octet-stream", createHash("sha512").update(host).digest(), { "content-disposition": 'attachment; filename="../invoice 2026.pdf.exe"' });
	if (path === "/app.js")
		return send(
			"text/javascript",
			'document.cookie="demo=1; SameSite=Lax";console.log("The demonstration\'s page has run.");console.warn("It asks for something that is not reached.");new Image().src="http://192.168.0.1/inside.gif";',
		);
	if (path === "/style.css") return send("text/css", "h1{font-weight:600}");
	if (path === "/pixel.png" || path === "/favicon.ico") return send("image/png", PIXEL);
	return send("text/html; charset=utf-8", path === "/login" ? login(host) : parked(host, now), { "set-cookie": "visit=1; HttpOnly; SameSite=Strict" });
}
