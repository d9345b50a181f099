// Addresses that are listed now, one a line, without those on a list of benign ones: for a firewall. Node 20 or later, or any
// browser's fetch. The answer is read while it comes: memory stays small whatever its length.
//
//   EXIST_URL=https://exist.example EXIST_KEY=exist_... node blocklist.mjs > blocklist.txt
const { EXIST_URL, EXIST_KEY } = process.env;

const query = new URLSearchParams({ type: "ipv4,ipv6,cidr", listed: "true", fields: "indicator,warning", format: "ndjson" });
const response = await fetch(`${EXIST_URL}/api/reputation?${query}`, { headers: { authorization: `Bearer ${EXIST_KEY}` } });
if (!response.ok) {
	const { detail } = await response.json();
	throw new Error(`${response.status}: ${detail}`);
}

const seen = new Set();
let rest = "";
for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
	const lines = (rest + chunk).split("\n");
	rest = lines.pop() ?? "";
	for (const line of lines) {
		const { indicator, warning } = JSON.parse(line);
		if (warning !== null || seen.has(indicator)) continue;
		seen.add(indicator);
		process.stdout.write(`${indicator}\n`);
	}
}
