import { join } from "node:path";
import type { BrowserContext, CDPSession } from "puppeteer-core";
import type { RunningBrowser } from "./browser";
import type { Budget, Clock } from "./budget";
import { Certificates } from "./certificate";
import { Downloads } from "./downloads";
import type { Judge } from "./judge";
import { MainDocument } from "./main-document";
import { userAgent, VIEWS } from "./page";
import { type CaptureProxy, GREETING } from "./proxy";
import { PageRecord } from "./record";
import type { Profile } from "./result";

/** Everything that a capture has open. */
export interface Scene {
	session: CDPSession;
	/** the browser's own, and the page's context in it */
	control: CDPSession;
	contextId: string | undefined;
	frameId: string;
	record: PageRecord;
	main: MainDocument;
	downloads: Downloads;
	certificates: Certificates;
	proxy: CaptureProxy;
	judge: Judge;
	clock: Clock;
	budget: Budget;
	profile: Profile;
	browser: RunningBrowser;
}

type Given = Pick<Scene, "proxy" | "judge" | "clock" | "budget" | "profile">;

/** A page in a context of its own, watched from before its first request. */
export async function prepare(context: BrowserContext, browser: RunningBrowser, given: Given): Promise<Scene> {
	const { proxy, clock, budget, profile } = given;
	const [page, control, version] = await Promise.all([context.newPage(), browser.browser.target().createCDPSession(), browser.browser.version()]);
	const session = await page.createCDPSession();
	const { frameTree } = await session.send("Page.getFrameTree");
	const frameId = frameTree.frame.id;
	const record = new PageRecord(proxy, () => clock.at(), budget.requests);
	const main = new MainDocument(session, frameId, given);
	const certificates = new Certificates(session, given);
	const downloads = new Downloads(control, join(browser.folder, "downloads"), context.id, budget);
	followChildren(session, record);
	const { width, height, scale, mobile } = VIEWS[profile];
	const { userAgent: agent, metadata } = userAgent(profile, version);
	await Promise.all([
		greet(session, proxy),
		session.send("Page.enable"),
		session.send("Page.setLifecycleEventsEnabled", { enabled: true }),
		session.send("Runtime.enable"),
		session.send("Log.enable"),
		session.send("Network.enable", {}),
		session.send("Network.setUserAgentOverride", { userAgent: agent, acceptLanguage: "en-US,en", userAgentMetadata: metadata }),
		session.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: scale, mobile }),
		session.send("Page.setInterceptFileChooserDialog", { enabled: true }),
		session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }),
		certificates.watch(),
		downloads.watch(),
	]);
	// Not before: the greeting is no request of the page's, and who answers it lets go of its interception first.
	record.follow(session);
	await main.watch();
	return { ...given, session, control, contextId: context.id, frameId, record, main, downloads, certificates, browser };
}

/**
 * Makes the browser learn the proxy's credential at a name only the proxy knows. Afterwards nobody answers questions for
 * credentials, so a target that asks gets none.
 */
async function greet(session: CDPSession, { username, password }: CaptureProxy): Promise<void> {
	const onPaused = ({ requestId }: { requestId: string }): void => void session.send("Fetch.continueRequest", { requestId }).catch(() => {});
	session.on("Fetch.requestPaused", onPaused);
	session.once("Fetch.authRequired", ({ requestId, authChallenge }) => {
		const answer = authChallenge.source === "Proxy" ? { response: "ProvideCredentials" as const, username, password } : { response: "CancelAuth" as const };
		session.send("Fetch.continueWithAuth", { requestId, authChallengeResponse: answer }).catch(() => {});
	});
	await session.send("Fetch.enable", { handleAuthRequests: true, patterns: [{ urlPattern: GREETING }] });
	await session.send("Page.navigate", { url: GREETING });
	session.off("Fetch.requestPaused", onPaused);
	await session.send("Fetch.disable");
}

/** Frames of other sites and workers have sessions of their own; each waits until it is followed. */
function followChildren(session: CDPSession, record: PageRecord): void {
	session.on("sessionattached", (child: CDPSession) => {
		record.follow(child);
		followChildren(child, record);
		const quietly = (sent: Promise<unknown>): void => void sent.catch(() => {});
		for (const domain of ["Network.enable", "Runtime.enable", "Log.enable", "Page.enable"] as const) quietly(child.send(domain));
		quietly(child.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }));
		quietly(child.send("Runtime.runIfWaitingForDebugger"));
	});
}
