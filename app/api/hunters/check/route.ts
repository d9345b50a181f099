import { channelOf } from "@/lib/alerts";
import { answeringBody, checkEndpoint, methods } from "@/lib/http";
import { knownKind, readQuery } from "@/lib/hunters/reading";

/** Where hits would be told; null where neither a name nor a channel is known yet. */
function channelFor(name: string, channel: string): string | null {
	const told = channelOf(name, channel.trim() === "" ? null : channel);
	return name.trim() === "" && told === channelOf(name, null) ? null : told;
}

/** How a query is read, and where its hits would be told. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	POST: answeringBody(checkEndpoint, async ({ kind, query, name, channel }) => {
		const reading = readQuery(knownKind(kind), query);
		const told = { channel: channelFor(name, channel) };
		return reading.ok ? { faults: [], reads: reading.reads, ...told } : { faults: reading.faults, reads: [], ...told };
	}),
});
