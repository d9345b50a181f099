import { lit, type Queryable } from "@/lib/platform";
import { type Mention, type StoreContext, writeMentions } from "@/lib/records";
import type { ChosenEvent } from "./choose";
import type { MentionReader } from "./mentions";
import { inLists, type PartChanges } from "./write-parts";

/** Mentions of parts that carry no part: those of an event's title. */
export const TITLE_PART = Buffer.alloc(16);

/** Forgets what some parts of an event name. */
export async function dropNamed(tx: Queryable, event: Buffer, parts: readonly Buffer[]): Promise<void> {
	await inLists(parts, (list) => tx.execute(`DELETE FROM mention WHERE record_id = ${lit(event)} AND tracker = 'threat' AND part IN (${list})`));
}

/** Writes what attributes name that are new or changed, and forgets what changed and gone ones named. Gives how many indicators nobody had named yet. */
export async function writeNamedParts(
	tx: Queryable,
	{ event, known }: ChosenEvent,
	changes: Pick<PartChanges, "fresh" | "changed" | "gone">,
	title: readonly Mention[],
	reader: MentionReader,
	context: StoreContext,
): Promise<number> {
	if (known !== undefined) await dropNamed(tx, event.id, [...changes.changed.map(({ id }) => id), ...changes.gone]);
	const mentions = [...title, ...[...changes.fresh, ...changes.changed].flatMap((attribute) => reader.attribute(attribute))];
	return writeMentions(tx, "threat", [{ id: event.id, at: event.publishedAt, mentions }], [], context);
}

/** Writes all that an event names, its title included. */
export async function writeNamed(tx: Queryable, one: ChosenEvent, changes: PartChanges, reader: MentionReader, context: StoreContext): Promise<number> {
	const { event, known } = one;
	if (known !== undefined) {
		await dropNamed(tx, event.id, [TITLE_PART]);
		if (known.published_at.getTime() !== event.publishedAt.getTime()) await moveNamed(tx, one, "");
	}
	return writeNamedParts(tx, one, changes, reader.title(event), reader, context);
}

async function moveNamed(tx: Queryable, { event }: ChosenEvent, range: string): Promise<void> {
	const at = lit(event.publishedAt);
	await tx.execute(`UPDATE mention SET at = ${at} WHERE record_id = ${lit(event.id)} AND tracker = 'threat' AND at <> ${at}${range}`);
}

/** How many mentions of an event carry another date than the event's. */
export async function countToMove(db: Queryable, { event }: ChosenEvent): Promise<number> {
	const [row] = await db.query<{ n: number }>(`SELECT COUNT(*) AS n FROM mention WHERE record_id = ${lit(event.id)} AND tracker = 'threat' AND at <> ${lit(event.publishedAt)}`);
	return Number(row?.n ?? 0);
}

/** Bounds of `steps` even ranges of ids: those are hashes, so each holds about as many. */
function idRange(step: number, steps: number): string {
	const bound = (at: number): string => {
		const bytes = Buffer.alloc(16);
		bytes.writeUInt32BE(Math.floor((at * 2 ** 32) / steps));
		return lit(bytes);
	};
	const from = step === 0 ? "" : ` AND indicator_id >= ${bound(step)}`;
	return step + 1 === steps ? from : `${from} AND indicator_id < ${bound(step + 1)}`;
}

/** Gives one of `steps` even shares of an event's mentions the event's date. */
export function moveNamedShare(tx: Queryable, one: ChosenEvent, step: number, steps: number): Promise<void> {
	return moveNamed(tx, one, idRange(step, steps));
}
