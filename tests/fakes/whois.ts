import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** Answers of whois servers by what they are asked, `*` for everything else. `silent`: it takes the question and says nothing. */
export type WhoisAnswers = Readonly<Record<string, string | { silent: true } | { bytes: Buffer }>>;

/** Gives a socket that has asked its answer, and ends it. */
export function answerWhois(answers: WhoisAnswers, query: string, socket: Socket): void {
	const found = Object.hasOwn(answers, query) ? answers[query] : answers["*"];
	if (typeof found === "object" && "silent" in found) return;
	socket.end(found === undefined ? "No match.\r\n" : typeof found === "string" ? found.replaceAll(/\r?\n/g, "\r\n") : found.bytes);
}

/** A whois server on loopback for a test. */
export async function startWhois(answers: WhoisAnswers): Promise<{ port: number; asked: string[]; stop: () => Promise<void> }> {
	const asked: string[] = [];
	const open = new Set<Socket>();
	const server: Server = createServer((socket) => {
		open.add(socket);
		socket.on("close", () => open.delete(socket));
		socket.on("error", () => {});
		let text = "";
		socket.on("data", (chunk: Buffer) => {
			text += chunk.toString("latin1");
			if (!text.endsWith("\r\n")) return;
			asked.push(text.trimEnd());
			answerWhois(answers, text.trimEnd(), socket);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		port: (server.address() as AddressInfo).port,
		asked,
		stop: async () => {
			for (const socket of open) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
