import { isIP } from "node:net";
import { z } from "zod";
import { ExistError } from "@/lib/errors";

/**
 * The only reader of `process.env`. A capability whose variables are missing is off and says so; a group that is set by half
 * stops the start with every fault named. Empty counts as missing.
 */

const text = z.string().trim().min(1).optional();
const url = z.url({ protocol: /^https?$/ }).optional();
const list = z
	.string()
	.optional()
	.transform((value) =>
		(value ?? "")
			.split(",")
			.map((part) => part.trim().toLowerCase())
			.filter((part) => part !== ""),
	);

/** Several secrets or ids, comma separated, as they are. */
const values = z
	.string()
	.transform((value) =>
		value
			.split(",")
			.map((part) => part.trim())
			.filter((part) => part !== ""),
	)
	.optional();

/** Addresses of name servers; `192.0.2.1`, `192.0.2.1:5353`, `[2001:db8::1]:53`. */
const nameServers = list.refine(
	(servers) => servers.every((server) => isIP(server) !== 0 || /^(?:[\d.]+|\[[\da-f:]+\]):\d{1,5}$/.test(server)),
	"must be addresses of name servers with or without port, comma separated, such as 9.9.9.9 or [2620:fe::fe]:53",
);

const days = z
	.string()
	.trim()
	.regex(/^\d{1,4}$/, "must be a number of days from 1 to 3650, such as 7")
	.transform(Number)
	.pipe(z.int().min(1, "must be 1 day or more").max(3650, "must be 3650 days or less"));

const VARIABLES = z.object({
	DATABASE_URL: z
		.string()
		.regex(/^mysql:\/\//, "must begin with mysql://")
		.optional(),
	DATABASE_HOST: text,
	DATABASE_USERNAME: text,
	DATABASE_PASSWORD: text,
	UPSTASH_REDIS_REST_URL: url,
	UPSTASH_REDIS_REST_TOKEN: text,
	INNGEST_EVENT_KEY: text,
	INNGEST_SIGNING_KEY: text,
	INNGEST_DEV: text,
	INNGEST_BASE_URL: url,
	NEXTAUTH_SECRET: z.string().min(32, "needs 32 characters or more").optional(),
	NEXTAUTH_URL: url,
	AUTH_OIDC_NAME: text,
	AUTH_OIDC_ISSUER: url,
	AUTH_OIDC_CLIENT_ID: text,
	AUTH_OIDC_CLIENT_SECRET: text,
	AUTH_GITHUB_ID: text,
	AUTH_GITHUB_SECRET: text,
	AUTH_GOOGLE_ID: text,
	AUTH_GOOGLE_SECRET: text,
	AUTH_ALLOWED_DOMAINS: list,
	GEOIP_CITY_PATH: text,
	CHROMIUM_PATH: text,
	GEOIP_ASN_PATH: text,
	ABUSE_CH_AUTH_KEY: text,
	PHISHTANK_KEY: text,
	ABUSEIPDB_KEY: text,
	MALSHARE_KEY: text,
	VIRUSTOTAL_KEY: text,
	SHODAN_KEY: text,
	CENSYS_KEY: text,
	CENSYS_ORGANIZATION: text,
	GREYNOISE_KEY: text,
	OTX_KEY: text,
	EXIST_DNS_SERVERS: nameServers,
	TWITTER_APP_KEY: values,
	TWITTER_APP_SECRET: values,
	TWITTER_ACCESS_TOKEN: values,
	TWITTER_ACCESS_SECRET: values,
	TWITTER_BEARER_TOKENS: values,
	TWITTER_LISTS: values,
	TWITTER_API_URL: url,
	NVD_KEY: text,
	MISP_URL: url,
	MISP_KEY: text,
	SLACK_TOKEN: z
		.string()
		.trim()
		.regex(/^xox[a-z]-/, "must be a bot token, which begins with xoxb-")
		.optional(),
	SLACK_SIGNING_SECRET: text,
	SLACK_API_URL: url,
	SLACK_CHANNEL: z
		.string()
		.trim()
		.regex(/^#?[\p{Ll}\p{Lo}\p{N}_-]{1,80}$/u, "must be the name of a channel: lower-case letters, digits, - and _, 80 at most")
		.transform((name) => name.replace(/^#/, ""))
		.optional(),
	EXIST_OWN_DOMAINS: list,
	EXIST_HISTORY_SINCE: z.iso.date("must be a day such as 2020-01-01").optional(),
	EXIST_CAPTURE_DAYS: days.default(7),
	EXIST_SETUP_TOKEN: text,
	EXIST_DEMO_UPSTREAM: url,
	LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
});

/** Variables that only make sense together. */
const GROUPS: ReadonlyArray<{ what: string; names: ReadonlyArray<keyof z.infer<typeof VARIABLES>> }> = [
	{ what: "PlanetScale", names: ["DATABASE_HOST", "DATABASE_USERNAME", "DATABASE_PASSWORD"] },
	{ what: "Upstash Redis", names: ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"] },
	{ what: "Inngest", names: ["INNGEST_EVENT_KEY", "INNGEST_SIGNING_KEY"] },
	{ what: "OIDC sign-in", names: ["AUTH_OIDC_ISSUER", "AUTH_OIDC_CLIENT_ID", "AUTH_OIDC_CLIENT_SECRET"] },
	{ what: "MISP server", names: ["MISP_URL", "MISP_KEY"] },
	{ what: "GitHub sign-in", names: ["AUTH_GITHUB_ID", "AUTH_GITHUB_SECRET"] },
	{ what: "X accounts", names: ["TWITTER_APP_KEY", "TWITTER_APP_SECRET", "TWITTER_ACCESS_TOKEN", "TWITTER_ACCESS_SECRET"] },
	{ what: "Google sign-in", names: ["AUTH_GOOGLE_ID", "AUTH_GOOGLE_SECRET"] },
];

interface Client {
	id: string;
	secret: string;
}

export interface Env {
	database: { kind: "mysql"; url: string } | { kind: "planetscale"; host: string; username: string; password: string } | null;
	upstash: { url: string; token: string } | null;
	/** address people reach it at, without a trailing slash; null where it is not set */
	publicUrl: string | null;
	authSecret: string | null;
	oidc: (Client & { issuer: string; name: string }) | null;
	github: Client | null;
	google: Client | null;
	/** e-mail domains that may sign in by an outside provider; empty: nobody new, only known accounts */
	allowedDomains: string[];
	geo: { cityPath: string | null; asnPath: string | null };
	/** name servers that lookups ask; empty: the system's */
	dnsServers: string[];
	/** keys of services that are asked about single values */
	lookupSecrets: { virusTotalKey?: string; abuseIpdbKey?: string; shodanKey?: string; censysKey?: string; abuseChAuthKey?: string; greyNoiseKey?: string; otxKey?: string };
	secrets: {
		abuseChAuthKey?: string;
		phishTankKey?: string;
		abuseIpdbKey?: string;
		malshareKey?: string;
		nvdKey?: string;
		twitterHome?: string;
		twitterLists?: string;
		twitterSearch?: string;
		mispServer?: string;
	};
	/** hosts of servers that are configured together with a secret: they may stand in a private network */
	trustedHosts: Partial<Record<"mispServer" | "twitterHome" | "twitterLists" | "twitterSearch", string[]>>;
	/** null without a token: alerts wait. `operations` is the channel for sources that fail; without it nobody is told */
	slack: { token: string; apiUrl: string | null; signingSecret: string | null; operations: string | null } | null;
	/** our own domains: a feed that lists one is marked, never exported */
	ownDomains: string[];
	/** how far back sources with a history are read; null: each from its own beginning */
	historySince: Date | null;
	/** days that captures are kept, and a system Chromium in place of the packaged one */
	capture: { days: number; chromium: string | null };
	/** proves to the set-up page that its user may become the first administrator */
	setupToken: string | null;
	/** set: everything is read from this loopback upstream, and every page says so */
	demo: { upstream: string } | null;
	inngest: { dev: string | null; eventKey: string | null; signingKey: string | null; baseUrl: string | null };
	logLevel: "debug" | "info" | "warn" | "error" | "silent";
}

type Variables = z.infer<typeof VARIABLES>;

function database(variables: Variables): Env["database"] {
	if (variables.DATABASE_HOST !== undefined && variables.DATABASE_USERNAME !== undefined && variables.DATABASE_PASSWORD !== undefined) {
		return { kind: "planetscale", host: variables.DATABASE_HOST, username: variables.DATABASE_USERNAME, password: variables.DATABASE_PASSWORD };
	}
	return variables.DATABASE_URL === undefined ? null : { kind: "mysql", url: variables.DATABASE_URL };
}

function client(id: string | undefined, secret: string | undefined): Client | null {
	return id === undefined || secret === undefined ? null : { id, secret };
}

/** One app's key and secret serve all its accounts; otherwise each account has its own, in the same order. */
function twitterFaults(variables: Variables): string[] {
	const { TWITTER_APP_KEY: keys = [], TWITTER_APP_SECRET: appSecrets = [], TWITTER_ACCESS_TOKEN: tokens = [], TWITTER_ACCESS_SECRET: tokenSecrets = [] } = variables;
	const faults: string[] = [];
	if (keys.length !== appSecrets.length) faults.push(`TWITTER_APP_KEY has ${keys.length} values and TWITTER_APP_SECRET ${appSecrets.length}: each key needs its secret, in the same order.`);
	if (tokens.length !== tokenSecrets.length)
		faults.push(`TWITTER_ACCESS_TOKEN has ${tokens.length} values and TWITTER_ACCESS_SECRET ${tokenSecrets.length}: each token needs its secret, in the same order.`);
	if (keys.length > 1 && keys.length !== tokens.length)
		faults.push(`TWITTER_APP_KEY has ${keys.length} values for ${tokens.length} in TWITTER_ACCESS_TOKEN. Give one for all accounts, or one for each.`);
	for (const list of variables.TWITTER_LISTS ?? []) {
		if (listId(list) === undefined)
			faults.push(`TWITTER_LISTS: "${list.slice(0, 60)}" is no list. Give the number at the end of the list's address, or the address: https://x.com/i/lists/1234567890.`);
	}
	if (variables.TWITTER_LISTS !== undefined && variables.TWITTER_BEARER_TOKENS === undefined && tokens.length === 0) {
		faults.push("TWITTER_LISTS is set, but nothing to read them with. Set TWITTER_BEARER_TOKENS, or TWITTER_APP_KEY, TWITTER_APP_SECRET, TWITTER_ACCESS_TOKEN and TWITTER_ACCESS_SECRET.");
	}
	return faults;
}

/** The number of a list, out of itself or its address. */
function listId(text: string): string | undefined {
	return /^(?:https:\/\/(?:www\.)?(?:x|twitter)\.com\/i\/lists\/)?(\d{1,20})\/?$/.exec(text)?.[1];
}

/** What reads from X, as one secret for each source: home timelines need accounts, lists need any credential and a list, searches any credential. */
function twitter(variables: Variables): Pick<Env["secrets"], "twitterHome" | "twitterLists" | "twitterSearch"> {
	const { TWITTER_APP_KEY: keys = [], TWITTER_APP_SECRET: appSecrets = [], TWITTER_ACCESS_TOKEN: tokens = [], TWITTER_ACCESS_SECRET: tokenSecrets = [] } = variables;
	const users = tokens.map((accessToken, at) => ({ appKey: keys[at] ?? keys[0], appSecret: appSecrets[at] ?? appSecrets[0], accessToken, accessSecret: tokenSecrets[at] }));
	const bearers = variables.TWITTER_BEARER_TOKENS ?? [];
	const lists = (variables.TWITTER_LISTS ?? []).map(listId);
	const access = { users, bearers, lists, ...(variables.TWITTER_API_URL === undefined ? {} : { api: variables.TWITTER_API_URL }) };
	return {
		...(users.length === 0 ? {} : { twitterHome: JSON.stringify(access) }),
		...(users.length + bearers.length === 0 ? {} : { twitterSearch: JSON.stringify(access) }),
		...(lists.length === 0 || users.length + bearers.length === 0 ? {} : { twitterLists: JSON.stringify(access) }),
	};
}

/** The name or address that is dialled, IPv6 without its brackets. */
function hostnameOf(url: string): string {
	return new URL(url).hostname.replace(/^\[|\]$/g, "");
}

function trustedX(api: string): Env["trustedHosts"] {
	const hosts = [hostnameOf(api)];
	return { twitterHome: hosts, twitterLists: hosts, twitterSearch: hosts };
}

/** Which variable holds the key of which source, for messages that say what to set. */
export const SECRET_VARIABLES = {
	abuseChAuthKey: "ABUSE_CH_AUTH_KEY",
	phishTankKey: "PHISHTANK_KEY",
	abuseIpdbKey: "ABUSEIPDB_KEY",
	malshareKey: "MALSHARE_KEY",
	nvdKey: "NVD_KEY",
	twitterHome: "TWITTER_ACCESS_TOKEN",
	twitterLists: "TWITTER_LISTS",
	twitterSearch: "TWITTER_BEARER_TOKENS",
	mispServer: "MISP_KEY",
} as const satisfies Record<keyof Env["secrets"], keyof Variables>;

/** The same for the services that lookups ask. */
export const LOOKUP_VARIABLES = {
	virusTotalKey: "VIRUSTOTAL_KEY",
	abuseIpdbKey: "ABUSEIPDB_KEY",
	shodanKey: "SHODAN_KEY",
	censysKey: "CENSYS_KEY",
	abuseChAuthKey: "ABUSE_CH_AUTH_KEY",
	greyNoiseKey: "GREYNOISE_KEY",
	otxKey: "OTX_KEY",
} as const satisfies Record<keyof Env["lookupSecrets"], keyof Variables>;

/** Censys' organisation goes with its token, as `token organisation`: paid plans are asked for it, the free one is not. */
function lookupSecrets(variables: Variables): Env["lookupSecrets"] {
	const given = Object.entries(LOOKUP_VARIABLES).map(([name, variable]) => [name, variables[variable]] as const);
	const all: Env["lookupSecrets"] = Object.fromEntries(given.filter(([, value]) => value !== undefined));
	return all.censysKey === undefined || variables.CENSYS_ORGANIZATION === undefined ? all : { ...all, censysKey: `${all.censysKey} ${variables.CENSYS_ORGANIZATION}` };
}

function secrets(variables: Variables): Env["secrets"] {
	const { twitterHome: _home, twitterLists: _lists, twitterSearch: _search, mispServer: _server, ...single } = SECRET_VARIABLES;
	const given = Object.entries(single).map(([name, variable]) => [name, variables[variable]] as const);
	return {
		...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
		...twitter(variables),
		...(variables.MISP_URL === undefined || variables.MISP_KEY === undefined ? {} : { mispServer: `${variables.MISP_URL} ${variables.MISP_KEY}` }),
	};
}

function toEnv(variables: Variables): Env {
	const oidc = client(variables.AUTH_OIDC_CLIENT_ID, variables.AUTH_OIDC_CLIENT_SECRET);
	return {
		database: database(variables),
		upstash:
			variables.UPSTASH_REDIS_REST_URL === undefined || variables.UPSTASH_REDIS_REST_TOKEN === undefined ? null : { url: variables.UPSTASH_REDIS_REST_URL, token: variables.UPSTASH_REDIS_REST_TOKEN },
		publicUrl: variables.NEXTAUTH_URL?.replace(/\/+$/, "") ?? null,
		authSecret: variables.NEXTAUTH_SECRET ?? null,
		oidc: oidc === null || variables.AUTH_OIDC_ISSUER === undefined ? null : { ...oidc, issuer: variables.AUTH_OIDC_ISSUER, name: variables.AUTH_OIDC_NAME ?? "single sign-on" },
		github: client(variables.AUTH_GITHUB_ID, variables.AUTH_GITHUB_SECRET),
		google: client(variables.AUTH_GOOGLE_ID, variables.AUTH_GOOGLE_SECRET),
		allowedDomains: variables.AUTH_ALLOWED_DOMAINS,
		geo: { cityPath: variables.GEOIP_CITY_PATH ?? null, asnPath: variables.GEOIP_ASN_PATH ?? null },
		dnsServers: variables.EXIST_DNS_SERVERS,
		lookupSecrets: lookupSecrets(variables),
		secrets: secrets(variables),
		trustedHosts: {
			...(variables.MISP_URL === undefined ? {} : { mispServer: [hostnameOf(variables.MISP_URL)] }),
			...(variables.TWITTER_API_URL === undefined ? {} : trustedX(variables.TWITTER_API_URL)),
		},
		slack:
			variables.SLACK_TOKEN === undefined
				? null
				: { token: variables.SLACK_TOKEN, apiUrl: variables.SLACK_API_URL ?? null, signingSecret: variables.SLACK_SIGNING_SECRET ?? null, operations: variables.SLACK_CHANNEL ?? null },
		ownDomains: variables.EXIST_OWN_DOMAINS,
		historySince: variables.EXIST_HISTORY_SINCE === undefined ? null : new Date(`${variables.EXIST_HISTORY_SINCE}T00:00:00Z`),
		capture: { days: variables.EXIST_CAPTURE_DAYS, chromium: variables.CHROMIUM_PATH ?? null },
		setupToken: variables.EXIST_SETUP_TOKEN ?? null,
		demo: variables.EXIST_DEMO_UPSTREAM === undefined ? null : { upstream: variables.EXIST_DEMO_UPSTREAM },
		inngest: {
			dev: variables.INNGEST_DEV ?? null,
			eventKey: variables.INNGEST_EVENT_KEY ?? null,
			signingKey: variables.INNGEST_SIGNING_KEY ?? null,
			baseUrl: variables.INNGEST_BASE_URL ?? null,
		},
		logLevel: variables.LOG_LEVEL,
	};
}

/** Names of all variables, for the check against `.env.example`. */
export const VARIABLE_NAMES: readonly string[] = Object.keys(VARIABLES.shape);

/**
 * Reads a set of variables. Throws `invalid` with every fault in one message: wrong values by name, and of half-set groups
 * what is missing.
 */
export function readEnv(source: Readonly<Record<string, string | undefined>>): Env {
	const given = Object.fromEntries(VARIABLE_NAMES.map((name) => [name, source[name]?.trim() === "" ? undefined : source[name]]));
	const parsed = VARIABLES.safeParse(given);
	const faults = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}.`);
	for (const { what, names } of GROUPS) {
		const missing = names.filter((name) => given[name] === undefined);
		if (missing.length > 0 && missing.length < names.length) {
			faults.push(`${what} is set by half: ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} missing. Set all of ${names.join(", ")}, or none.`);
		}
	}
	if (given.DATABASE_URL !== undefined && given.DATABASE_HOST !== undefined) {
		faults.push("DATABASE_URL and DATABASE_HOST are both set. Keep DATABASE_URL for any MySQL, or DATABASE_HOST with its user and password for PlanetScale.");
	}
	if (given.CENSYS_ORGANIZATION !== undefined && given.CENSYS_KEY === undefined) faults.push("CENSYS_ORGANIZATION is set, but not CENSYS_KEY. Set the token as well, or neither.");
	for (const name of ["SLACK_SIGNING_SECRET", "SLACK_API_URL", "SLACK_CHANNEL"] as const) {
		if (given[name] !== undefined && given.SLACK_TOKEN === undefined) faults.push(`${name} is set, but not SLACK_TOKEN. Set the token as well, or neither.`);
	}
	if (parsed.success) faults.push(...twitterFaults(parsed.data));
	if (faults.length > 0 || !parsed.success) throw new ExistError("invalid", `The configuration cannot be used:\n  ${faults.join("\n  ")}`);
	return toEnv(parsed.data);
}

let known: Env | undefined;

/** The configuration of this process, read once. */
export function env(): Env {
	known ??= readEnv(process.env);
	return known;
}
