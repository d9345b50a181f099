import { ExistError } from "@/lib/errors";

/** A page of a list and the cursor of the next, or the words of why its cursor is none. */
export type PageOf<Row> = { rows: Row[]; next: string | null } | string;

/** Asks for the page of a list that begins at the cursor of an address; null: at its beginning. */
export async function pageOf<Row>(list: (asked: { limit: number; cursor?: string }) => Promise<Exclude<PageOf<Row>, string>>, limit: number, cursor: string | null): Promise<PageOf<Row>> {
	try {
		return await list({ limit, ...(cursor === null ? {} : { cursor }) });
	} catch (error) {
		if (error instanceof ExistError && error.code === "invalid") return error.message;
		throw error;
	}
}
