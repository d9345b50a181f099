import type { NextConfig } from "next";

/** What every answer carries; the content security policy is made per request in `proxy.ts`. */
const SECURITY_HEADERS = [
	{ key: "X-Content-Type-Options", value: "nosniff" },
	{ key: "X-Frame-Options", value: "DENY" },
	{ key: "Referrer-Policy", value: "no-referrer" },
	{ key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), browsing-topics=()" },
	{ key: "Cross-Origin-Opener-Policy", value: "same-origin" },
	{ key: "Cross-Origin-Resource-Policy", value: "same-origin" },
];

const config: NextConfig = {
	poweredByHeader: false,
	reactStrictMode: true,
	// Old links and API clients of the original end in a slash; both spellings are the same page.
	skipTrailingSlashRedirect: true,
	// Nothing here shows images of others, and the optimizer fetches what it is told to.
	images: { unoptimized: true },
	serverExternalPackages: ["mysql2", "pino", "maxmind", "undici", "yauzl", "puppeteer-core", "@sparticuz/chromium"],
	outputFileTracingIncludes: {
		"/api-guide": ["./docs/examples/*"],
		// The packed browser, 67 MB: into the one function that starts it.
		"/api/inngest": ["./node_modules/@sparticuz/chromium/bin/*"],
		"/**": ["./node_modules/@ip-location-db/geo-whois-asn-country-mmdb/*.mmdb", "./drizzle/migrations/**/*"],
	},
	// Addresses of the original's hunter pages, which other tools link to.
	redirects: async () => ["twitter", "threat", "news"].map((kind) => ({ source: `/${kind}_hunter/:rest*`, destination: `/hunters?kind=${kind}`, permanent: false })),
	headers: async () => [
		{ source: "/:path*", headers: SECURITY_HEADERS },
		// Data for programs: opened in a browser it must stay data. The pages' own policy is made in `proxy.ts`.
		{ source: "/api/:path*", headers: [{ key: "Content-Security-Policy", value: "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'" }] },
		// What others wrote or their pages left: whatever a browser makes of it, it runs nothing and belongs to no origin. Of two that match, the last holds.
		...["/api/captures/:path(.+/.+)", "/api/lookup/download"].map((source) => ({
			source,
			headers: [{ key: "Content-Security-Policy", value: "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'" }],
		})),
	],
};

export default config;
