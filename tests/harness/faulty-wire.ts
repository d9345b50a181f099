import { rm } from "node:fs/promises";
import { createConnection, createServer, type Socket } from "node:net";

/** What becomes of one statement on its way to the server. */
export type Fate =
	| "pass"
	/** the connection breaks before the server hears of it */
	| "lost-before"
	/** the server does it, the connection breaks before its answer arrives */
	| "lost-after"
	/** the server never hears of it, the client gets this error */
	| { errno: number; state: string; message: string };

export interface FaultyWire {
	/** asked for every statement */
	fate: (sql: string) => Fate;
	stop: () => Promise<void>;
}

const COM_QUERY = 3;

function errorPacket({ errno, state, message }: Extract<Fate, object>): Buffer {
	const payload = Buffer.concat([Buffer.from([0xff, errno & 0xff, errno >> 8]), Buffer.from(`#${state}${message}`)]);
	const header = Buffer.alloc(4);
	header.writeUIntLE(payload.length, 0, 3);
	header[3] = 1;
	return Buffer.concat([header, payload]);
}

/** Cuts what a client sends into packets of MySQL's protocol (all of ours are below 16 MB). */
function packetsOf(take: (packet: Buffer) => void): (chunk: Buffer) => void {
	let pending: Buffer = Buffer.alloc(0);
	return (chunk) => {
		pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
		while (pending.length >= 4 && pending.length >= 4 + pending.readUIntLE(0, 3)) {
			const end = 4 + pending.readUIntLE(0, 3);
			take(pending.subarray(0, end));
			pending = pending.subarray(end);
		}
	};
}

/**
 * A unix socket at `path` before the server's own (which may change when the server starts anew), that understands as much of
 * MySQL's protocol as is needed to spoil a single statement.
 */
export async function startFaultyWire(path: string, target: () => string): Promise<FaultyWire> {
	const open = new Set<Socket>();
	const wire: FaultyWire = {
		fate: () => "pass",
		stop: async () => {
			for (const socket of open) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
			await rm(path, { force: true });
		},
	};
	const server = createServer((client) => {
		const upstream = createConnection({ path: target() });
		let deaf = false;
		const end = (): void => {
			client.destroy();
			upstream.destroy();
		};
		for (const socket of [client, upstream]) {
			open.add(socket);
			socket.on("error", end).on("close", () => {
				open.delete(socket);
				end();
			});
		}
		upstream.on("data", (chunk) => {
			if (deaf) end();
			else client.write(chunk);
		});
		client.on(
			"data",
			packetsOf((packet) => {
				const isStatement = packet[3] === 0 && packet[4] === COM_QUERY;
				const fate = isStatement ? wire.fate(packet.toString("latin1", 5)) : "pass";
				if (fate === "lost-before") return end();
				if (typeof fate === "object") return void client.write(errorPacket(fate));
				deaf = fate === "lost-after";
				upstream.write(packet);
			}),
		);
	});
	await new Promise<void>((resolve) => server.listen(path, resolve));
	return wire;
}
