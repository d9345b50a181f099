import type { Hunter } from "@/lib/hunters/hunter";
import { relative } from "../time-text";
import { isMuted, toldWords } from "./hunter-state";

/** As much of a query as a sentence can carry; the whole of it is in the title, and where it is edited. */
const QUERY_LENGTH = 160;

function clamped(query: string): string {
	const letters = [...query];
	return letters.length <= QUERY_LENGTH
		? query
		: `${letters
				.slice(0, QUERY_LENGTH - 1)
				.join("")
				.trimEnd()}…`;
}

function Watching({ hunter, kind }: { hunter: Hunter; kind: string }) {
	const verb = !hunter.enabled ? "Is off and would watch" : hunter.state === "failing" ? "Fails to watch" : "Watches";
	return (
		<>
			<strong>
				{verb} {kind}
			</strong>{" "}
			for{" "}
			<code className="code" title={hunter.query}>
				{clamped(hunter.query)}
			</code>
			.
		</>
	);
}

const ago = (at: Date, now: string): string => {
	const words = relative((Date.parse(now) - at.getTime()) / 1000);
	return words === "now" ? "just now" : `${words} ago`;
};

const minute = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** When news came last is not when somebody looked last: where nothing comes, there is nothing to look at. */
function News({ hunter: { enabled, lastRunAt }, now, behindSince }: { hunter: Hunter; now: string; behindSince: Date | null }) {
	if (!enabled) return null;
	if (behindSince !== null) return <span className="text-warn"> What came since {minute(behindSince)} waits: nobody holds it against the hunters.</span>;
	return <> {lastRunAt === null ? "Nothing new has come yet to be held against it." : `It has seen all that came, the last of it ${ago(lastRunAt, now)}.`}</>;
}

function Found({ hunter: { hitCount, lastHitAt, lastRunAt }, now }: { hunter: Hunter; now: string }) {
	if (hitCount === 0 || lastHitAt === null) return lastRunAt === null ? null : <> Nothing found so far.</>;
	return (
		<>
			{" "}
			<a href="#hits" className="underline decoration-line-strong">
				<strong>
					{hitCount.toLocaleString("en")} {hitCount === 1 ? "hit" : "hits"}
				</strong>
			</a>
			, the last one <strong>{ago(lastHitAt, now)}</strong>.
		</>
	);
}

function Told({ hunter, now, slackReady, heldUp }: { hunter: Hunter; now: string; slackReady: boolean; heldUp: boolean }) {
	const { alerts, slack } = hunter;
	const open = [
		...(alerts.pending > 0 ? [`${alerts.pending.toLocaleString("en")} ${alerts.pending === 1 ? "waits" : "wait"}`] : []),
		...(alerts.unknown > 0 ? [`of ${alerts.unknown.toLocaleString("en")} nobody knows whether it arrived`] : []),
		...(alerts.failed > 0 ? [`${alerts.failed.toLocaleString("en")} failed`] : []),
	];
	return (
		<>
			{" "}
			{hunter.enabled && isMuted(hunter, now) ? (
				<span className="text-warn">Muted until {hunter.mutedUntil !== null && minute(hunter.mutedUntil)}: hits are kept, not told.</span>
			) : (
				<>Told: {toldWords(hunter)}.</>
			)}
			{slack && !slackReady && <span className="text-warn"> Slack is not connected, so its alerts wait.</span>}
			{open.length > 0 && (
				<>
					{" "}
					<a href="#alerts" className={`underline decoration-line-strong ${heldUp || alerts.unknown + alerts.failed > 0 ? "text-warn" : ""}`}>
						Alerts: {open.join(", ")}
					</a>
					.
				</>
			)}
		</>
	);
}

interface Props {
	hunter: Hunter;
	kind: string;
	now: string;
	slackReady: boolean;
	/** alerts were tried and still wait */
	heldUp: boolean;
	/** why X is not searched for it; null: it is, or it is no hunter of tweets */
	xTrouble: string | null;
	/** since when news waits that nobody looks at; null: none does */
	behindSince: Date | null;
}

/** What a hunter watches, what it found and where that is told, in a sentence, and what keeps it from that. */
export function HunterVerdict({ hunter, kind, now, slackReady, heldUp, xTrouble, behindSince }: Props) {
	const isStuck = heldUp || hunter.alerts.failed + hunter.alerts.unknown > 0;
	const needsEyes = hunter.state === "failing" || hunter.reason !== null || xTrouble !== null || behindSince !== null || isStuck || (hunter.enabled && isMuted(hunter, now));
	return (
		<div className={`rounded-md border border-l-[3px] border-line bg-panel px-4 py-2.5 text-[14.5px] leading-relaxed [overflow-wrap:anywhere] ${needsEyes ? "border-l-warn" : "border-l-line-strong"}`}>
			<Watching hunter={hunter} kind={kind} />
			<Found hunter={hunter} now={now} />
			{hunter.state !== "failing" && <News hunter={hunter} now={now} behindSince={behindSince} />}
			<Told hunter={hunter} now={now} slackReady={slackReady} heldUp={heldUp} />
			{xTrouble !== null && <p className="mt-1 text-warn">{xTrouble} What timelines and lists bring is held against it.</p>}
			{hunter.reason !== null && (
				<p className="mt-1 text-warn">
					{hunter.reason}
					{hunter.state === "failing" && ` It has seen what came until ${minute(hunter.seenTo)}; what came since is kept for it, for 90 days.`}
				</p>
			)}
		</div>
	);
}
