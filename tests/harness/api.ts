import { createApiKey } from "@/lib/auth/api-keys";
import { createUser } from "@/lib/auth/users";
import { type Cache, memoryCache } from "@/lib/platform/cache";
import type { TestDatabase } from "./database";

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;
type Routes = Readonly<Record<string, Handler>>;

async function routeOf(segments: readonly string[]): Promise<{ routes: Routes; params: Record<string, string> }> {
	const [resource, id, ...rest] = segments;
	const load = async (module: Promise<unknown>, params: Record<string, string>) => ({ routes: (await module) as Routes, params });
	if (resource === undefined) return load(import("@/app/api/route"), {});
	if (resource === "lookup" && id === "bulk") return load(import("@/app/api/lookup/bulk/route"), {});
	if (rest.length > 0) return load(import("@/app/api/[...path]/route"), {});
	if (resource === "reputation" && id === "sources") return load(import("@/app/api/reputation/sources/route"), {});
	if (id !== undefined) return load(import("@/app/api/[resource]/[id]/route"), { resource, id });
	if (resource === "openapi.json") return load(import("@/app/api/openapi.json/route"), {});
	if (resource === "search") return load(import("@/app/api/search/route"), {});
	return load(import("@/app/api/[resource]/route"), { resource });
}

export interface ApiAnswer {
	status: number;
	headers: Headers;
	text: string;
	/** of the text; undefined where it is no JSON */
	body: unknown;
}

export interface Api {
	ask: (path: string, init?: RequestInit) => Promise<ApiAnswer>;
	/** what the key's requests say of themselves */
	authorization: string;
	/** another key of the same user, for limits are kept by key */
	withNewKey: () => Promise<Api>;
}

const ORIGIN = "http://exist.test";

/** Makes these the database and the cache of the process, so that handlers use them. */
function serve(fresh: TestDatabase, cache: Cache): void {
	const shared = globalThis as { existPlatform?: { database?: unknown; cache?: unknown } };
	shared.existPlatform ??= {};
	Object.assign(shared.existPlatform, { database: fresh.database, cache });
}

/** Limits whose window never ends, so that no test depends on the minute it runs in. */
function stoppedCache(): Cache {
	const now = Date.now();
	return memoryCache(() => now);
}

/** The API's own handlers, asked in this process with a key: the routes of `app/api` over a test's database. */
export async function startApi(fresh: TestDatabase, cache: Cache = stoppedCache()): Promise<Api> {
	serve(fresh, cache);
	const user = await createUser({ email: "reader@example.com", name: "Reader", role: "viewer", password: "correct horse battery staple" }, "test", fresh.database);
	const withKey = async (): Promise<Api> => {
		const { secret } = await createApiKey({ userId: user.id, name: "contract", scopes: ["read"], expiresAt: null }, "test", fresh.database);
		const authorization = `Bearer ${secret}`;
		return {
			authorization,
			ask: async (path, init = {}) => {
				const url = new URL(path, ORIGIN);
				const headers = new Headers(init.headers);
				if (!headers.has("authorization")) headers.set("authorization", authorization);
				const { routes, params } = await routeOf(
					url.pathname
						.split("/")
						.slice(2)
						.filter((part) => part !== "")
						.map(decodeURIComponent),
				);
				const method = init.method ?? "GET";
				const route = routes[method === "HEAD" ? "GET" : method];
				if (route === undefined) throw new Error(`${path} has no handler for ${method}`);
				const response = await route(new Request(url, { ...init, method, headers }), { params: Promise.resolve(params) });
				const bytes = Buffer.from(await response.arrayBuffer());
				const text = bytes.toString("utf8");
				const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
				return { status: response.status, headers: response.headers, text, body: isJson && text !== "" ? (JSON.parse(text) as unknown) : undefined };
			},
			withNewKey: withKey,
		};
	};
	return withKey();
}
