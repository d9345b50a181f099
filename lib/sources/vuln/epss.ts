import { readFeed } from "@/lib/net";
import { chain } from "@/lib/net/bytes";
import { defineRecordSource, type EpssItem, type ReadItem, type RecordBody } from "../record";
import { cveId } from "./fields";

/** The line before the header is short; this much of the body holds it. */
const HEAD_BYTES = 512;

/** `0.97567`, also `1` and `4.3e-05`; undefined for what is no share of one. */
function share(text: string | undefined): number | undefined {
	if (text === undefined || !/^\d(?:\.\d+)?(?:e-\d{1,2})?$/i.test(text.trim())) return undefined;
	const value = Number(text);
	return value <= 1 ? value : undefined;
}

/**
 * The day of the model run: in a line before the header since 2022 (with `Z` now, `+0000` before), else in the file's name, else
 * today: the files of 2021 say nothing.
 */
function dayOf(head: string, { url, now }: RecordBody): string {
	return /^#.*\bscore_date:(\d{4}-\d{2}-\d{2})/.exec(head)?.[1] ?? /epss_scores-(\d{4}-\d{2}-\d{2})/.exec(url)?.[1] ?? now.toISOString().slice(0, 10);
}

async function* parse(body: RecordBody): AsyncGenerator<ReadItem<EpssItem>> {
	const iterator = body.bytes[Symbol.asyncIterator]();
	const head: Uint8Array[] = [];
	for (let have = 0; have < HEAD_BYTES; ) {
		const { value, done } = await iterator.next();
		if (done === true) break;
		head.push(value);
		have += value.length;
	}
	const day = dayOf(Buffer.concat(head).toString("latin1"), body);
	const rows = readFeed(chain(head, iterator), { kind: "csv", header: "row", columns: ["cve", "epss"] }, body.contentType === undefined ? {} : { contentType: body.contentType });
	for await (const row of rows) {
		if (!row.ok) {
			yield { ok: false, where: String(row.line), reason: row.reason, excerpt: row.excerpt };
			continue;
		}
		const { line, text, cells } = row.record;
		const cve = cveId(cells.cve);
		const score = share(cells.epss);
		const percentile = share(cells.percentile);
		if (cve === undefined || score === undefined) {
			const reason = cve === undefined ? `"${(cells.cve ?? "").slice(0, 40)}" is no CVE id` : `"${(cells.epss ?? "").slice(0, 40)}" is no score from 0 to 1`;
			yield { ok: false, where: String(line), reason, excerpt: text.slice(0, 300) };
			continue;
		}
		yield { ok: true, where: String(line), item: { kind: "epss", cve, score, day, ...(percentile === undefined ? {} : { percentile }) } };
	}
}

/** How likely each CVE is to be exploited within 30 days. One row a CVE, all of them new every day at about 13:30 UTC. */
export const epss = defineRecordSource<"vuln">({
	id: "epss",
	name: "EPSS",
	number: 1503,
	tracker: "vuln",
	homepage: "https://www.first.org/epss/",
	everyMinutes: 6 * 60,
	licence: {
		name: "EPSS, free of charge",
		url: "https://www.first.org/epss/",
		redistributable: true,
		attribution: "EPSS scores by FIRST.org, see https://www.first.org/epss/.",
	},
	reading: { mode: "feed", url: "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz", parse, batch: 5000 },
});
