import type { FeedRecord } from "@/lib/net/formats";
import type { Listing } from "./define";

/**
 * One trail a line, `#` behind a blank or tab begins a remark. A trail that begins with a slash is a path on any host: it
 * matches traffic, it is no indicator.
 */
export function trailRow(description: string): (record: FeedRecord) => Listing | null {
	return ({ text }) => {
		if (text.startsWith("/")) return null;
		const mark = text.search(/\s#/);
		const remark = mark < 0 ? "" : text.slice(mark + 2).trim();
		return { value: mark < 0 ? text : text.slice(0, mark), as: "any", description: remark === "" ? description : `${description}, ${remark}` };
	};
}

/** Where the static trails are kept. */
export function trailUrl(path: string): string {
	return `https://raw.githubusercontent.com/stamparm/maltrail/master/trails/static/${path}.txt`;
}
