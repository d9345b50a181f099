import { warningFor } from "@/lib/domain/warnings";
import { type Mention, namedIn } from "@/lib/records";
import { attributeIndicators, TEXT_TYPES } from "@/lib/sources/threat/indicators";
import type { PreparedAttribute, PreparedEvent } from "./prepare";

/** What attributes and titles name. Comments repeat within an event, so each text is read once a batch. */
export class MentionReader {
	readonly #texts = new Map<string, Mention[]>();
	readonly #own: readonly string[];
	constructor(ownDomains: readonly string[]) {
		this.#own = ownDomains;
	}

	#named(text: string, place: string): Mention[] {
		const key = `${place}\0${text}`;
		let found = this.#texts.get(key);
		if (found === undefined) {
			found = namedIn([{ place, text }], this.#own);
			this.#texts.set(key, found);
		}
		return found;
	}

	/** Indicators of an attribute: its value by its type, and what its comment or running text names. None of a deleted one. */
	attribute({ id, item, deleted }: Pick<PreparedAttribute, "id" | "deleted"> & { item: Pick<PreparedAttribute["item"], "type" | "value" | "comment"> }): Mention[] {
		if (deleted) return [];
		const found: Mention[] = attributeIndicators(item.type, item.value).map(({ indicator }) => ({
			indicator,
			// MISP's own word for it says more than "attribute": a link is a report, an `ip-dst` is where it calls.
			place: /^[\x20-\x7e]{1,32}$/.test(item.type) ? item.type : "attribute",
			mark: warningFor(indicator, this.#own)?.list ?? null,
			part: id,
		}));
		const texts = [...(TEXT_TYPES.has(item.type) ? this.#named(item.value, "text") : []), ...(item.comment === undefined ? [] : this.#named(item.comment, "comment"))];
		for (const mention of texts) found.push({ ...mention, part: id });
		return found;
	}

	/** Indicators that an event's title names. */
	title({ item }: { item: Pick<PreparedEvent["item"], "info"> }): Mention[] {
		return this.#named(item.info, "title");
	}
}
