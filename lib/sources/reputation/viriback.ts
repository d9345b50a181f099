import { defineSource, present, UnusableRow } from "../define";

/** `9-7-2026` is the ninth of July: day first, not always padded. Nothing that guesses dates gets this right. */
function date(text: string | undefined): Date | undefined {
	if (text === undefined || text.trim() === "") return undefined;
	const match = /^(\d{1,2})-(\d{1,2})-(\d{4})$/.exec(text.trim());
	const at = match === null ? Number.NaN : Date.UTC(Number(match[3]), Number(match[2]) - 1, Number(match[1]));
	if (Number.isNaN(at) || new Date(at).getUTCMonth() !== Number(match?.[2]) - 1) throw new UnusableRow(`date "${text.slice(0, 40)}" is not D-M-YYYY`);
	return new Date(at);
}

/** Panels of malware, since 2018. */
export const viriback = defineSource({
	id: "viriback",
	name: "ViriBack C2 Tracker",
	number: 1027,
	tracker: "reputation",
	homepage: "https://tracker.viriback.com/",
	url: "https://tracker.viriback.com/dump.php",
	everyMinutes: 720,
	lists: { mode: "snapshot" },
	licence: { name: "none published", url: "https://tracker.viriback.com/", redistributable: false, attribution: "Data by ViriBack." },
	category: "botnet-c2",
	format: { kind: "csv", header: "row", columns: ["family", "url", "ip", "firstseen"] },
	row: ({ cells }) => {
		const firstSeen = date(cells.firstseen);
		const family = present(cells.family);
		return { value: cells.url ?? "", as: "url", ...(firstSeen === undefined ? {} : { firstSeen }), ...(family === undefined ? {} : { description: family }) };
	},
});
