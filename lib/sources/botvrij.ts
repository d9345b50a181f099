import type { Expectation } from "@/lib/domain/indicator";
import type { FeedRecord } from "@/lib/net/formats";
import { type Listing, present } from "./define";

/** `value # type - description`, behind a banner of `#` lines. */
export function botvrijRow(as: Expectation): (record: FeedRecord) => Listing {
	return ({ text }) => {
		const mark = text.indexOf(" # ");
		const said = mark < 0 ? undefined : present(text.slice(mark + 3).replace(/^[\w|-]+ - /, ""));
		return { value: mark < 0 ? text : text.slice(0, mark), as, ...(said === undefined ? {} : { description: said }) };
	};
}
