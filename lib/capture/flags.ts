/**
 * How the browser is started. The list is our own: the package's has flags that give up the walls between sites
 * (`--disable-web-security`, `--disable-site-isolation-trials`, `--single-process` …), and puppeteer's lets popups through.
 */
const FLAGS = [
	"--headless",
	"--remote-debugging-pipe",
	"--no-first-run",
	"--no-default-browser-check",
	"--no-pings",
	"--mute-audio",
	"--hide-scrollbars",
	"--disable-dev-shm-usage",
	"--disable-extensions",
	"--disable-component-extensions-with-background-pages",
	"--disable-component-update",
	"--disable-background-networking",
	"--disable-client-side-phishing-detection",
	"--disable-default-apps",
	"--disable-domain-reliability",
	"--disable-sync",
	"--disable-translate",
	"--disable-breakpad",
	"--disable-crash-reporter",
	"--disable-notifications",
	"--disable-print-preview",
	"--disable-speech-api",
	"--disable-back-forward-cache",
	"--disable-background-timer-throttling",
	"--disable-renderer-backgrounding",
	"--disable-backgrounding-occluded-windows",
	"--metrics-recording-only",
	"--password-store=basic",
	"--use-mock-keychain",
	"--font-render-hinting=none",
	"--force-color-profile=srgb",
	"--disable-webgl",
	"--disable-gpu",
	"--in-process-gpu",
	"--site-per-process",
	// One page is looked at: its windows are told by name and never opened, and no prompt waits for anybody.
	"--block-new-web-contents",
	"--deny-permission-prompts",
	"--noerrdialogs",
	// Nothing but the proxy: no names looked up, no exception for loopback, no UDP past it.
	"--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
	"--proxy-bypass-list=<-loopback>",
	"--disable-quic",
	"--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
	"--webrtc-ip-handling-policy=disable_non_proxied_udp",
	"--disable-features=Translate,AutofillServerCommunication,OptimizationHints,MediaRouter,DialMediaRouteProvider,InterestFeedContentSuggestions,NetworkTimeServiceQuerying,DnsOverHttps,AsyncDns,WebBluetooth,WebUSB,AcceptCHFrame,Prerender2,LocalNetworkAccessChecks,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
	"--js-flags=--max-old-space-size=384",
	"--disk-cache-size=33554432",
	"--media-cache-size=8388608",
] as const;

/** The browser's own traffic, which belongs to no capture, ends here: captures bring their proxy with their context. */
const DEAD_END = "--proxy-server=http://127.0.0.1:9";

/** `none`: as root, or where the kernel gives no user namespaces (containers, functions in the cloud), Chromium's sandbox cannot start. */
export type Sandbox = "namespaces" | "none" | "none-without-zygote";

const SANDBOX_FLAGS: Readonly<Record<Sandbox, readonly string[]>> = {
	namespaces: ["--disable-setuid-sandbox"],
	none: ["--no-sandbox"],
	"none-without-zygote": ["--no-sandbox", "--no-zygote"],
};

/** From the strongest on, what may be tried. */
export function sandboxes(isRoot: boolean): readonly Sandbox[] {
	return isRoot ? ["none", "none-without-zygote"] : ["namespaces", "none", "none-without-zygote"];
}

/** `folder`: where the profile lies. `agent`: what the browser says it is, also where no page is involved. */
export function browserFlags(folder: string, sandbox: Sandbox, agent: string): string[] {
	return [...FLAGS, DEAD_END, ...SANDBOX_FLAGS[sandbox], `--user-agent=${agent}`, `--user-data-dir=${folder}`, "about:blank"];
}
