// Which values of a file (one a line, 10,000 at most) EXIST knows. Answers are read while they come. Node 20 or later.
//
//   EXIST_URL=https://exist.example EXIST_KEY=exist_... node match.mjs < hosts.txt
const { EXIST_URL, EXIST_KEY } = process.env;

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const response = await fetch(`${EXIST_URL}/api/lookup/bulk`, {
	method: "POST",
	headers: { authorization: `Bearer ${EXIST_KEY}`, "content-type": "text/plain" },
	body: Buffer.concat(chunks),
});
if (!response.ok) {
	const { detail } = await response.json();
	throw new Error(`${response.status}: ${detail}`);
}

let end;
let rest = "";
for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
	const lines = (rest + chunk).split("\n");
	rest = lines.pop() ?? "";
	for (const line of lines) {
		const { type, ...answer } = JSON.parse(line);
		if (type === "end") end = answer;
		else if (type === "error") throw new Error(answer.detail);
		else if (answer.kind === "listed" || answer.kind === "known") process.stdout.write(`${answer.value}\t${answer.reason}\n`);
	}
}
if (end === undefined) throw new Error("The answer is not whole.");
process.stderr.write(`${end.listed} listed, ${end.known} known, ${end.notListed} not listed, ${end.invalid} no indicators\n`);
