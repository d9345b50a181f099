import type { CaptureDetail } from "@/lib/capture/rows";
import { bytesText, numberOf, shownUrl } from "./words";

function hostIn(url: string): string {
	return URL.canParse(url) ? new URL(url).host : "";
}

/** One sentence on what became of the visit. It says what was seen, never that something is safe. */
export function CaptureVerdict({ capture: { url, outcome, reason, result } }: { capture: CaptureDetail }) {
	const seen = outcome === "rendered" || outcome === "fetched";
	const moved = result !== null && seen && hostIn(result.finalUrl) !== hostIn(url);
	const all = (list: "requests" | "downloads" | "dialogs" | "popups"): number => (result === null ? 0 : result[list].length + result.more[list]);
	const refused = result?.requests.filter(({ failure }) => failure?.by === "guard").length ?? 0;
	const hosts = new Set(result?.requests.map((request) => hostIn(request.url)).filter((host) => host !== ""));
	const odd = refused > 0 || (result !== null && (result.downloads.length > 0 || result.dialogs.length > 0 || (result.certificate?.fault ?? null) !== null));
	// No colour says that a site is well: one that steals passwords is rendered without a fault.
	const tone = !seen || moved || odd || reason !== null ? "border-l-warn" : "border-l-line-strong";
	return (
		<p className={`rounded-md border border-line border-l-[3px] bg-panel px-4 py-3 ${tone}`}>
			{seen && result !== null ? (
				<>
					<strong>
						{outcome === "rendered" ? "Rendered" : "No page, fetched"}
						{result.response === null ? "" : ` with status ${result.response.status}`}
					</strong>{" "}
					in {(result.tookMs / 1000).toFixed(1)} s
					{moved && (
						<>
							, <strong>at another host</strong> than asked: <span className="mono break-all">{shownUrl(hostIn(result.finalUrl).replaceAll(".", "[.]"))}</span>
						</>
					)}
					. {numberOf(all("requests"), "request")} to {numberOf(hosts.size, "host")}, {bytesText(result.wireBytes)}
					{refused > 0 && `, ${refused} refused by our guard`}.{all("downloads") > 0 && ` ${numberOf(all("downloads"), "file")} offered.`}
					{all("dialogs") > 0 && ` ${numberOf(all("dialogs"), "dialog")}.`}
					{all("popups") > 0 && ` ${numberOf(all("popups"), "window")} wanted.`}
					{reason !== null && ` ${reason}.`}{" "}
				</>
			) : (
				<>
					<strong>{reason === null ? "There is nothing to see" : reason.replace(/\.$/, "")}.</strong>{" "}
				</>
			)}
			<span className="text-ink-3">This says what was seen on one visit, not whether the site is safe.</span>
		</p>
	);
}
