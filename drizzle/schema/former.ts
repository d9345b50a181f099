import { index, mysqlTable, primaryKey } from "drizzle-orm/mysql-core";
import { asciiText, binary16, exactText } from "./columns";

/** Where a record of the original is now: its old addresses and API ids keep working. Written by the import alone. */
export const formerId = mysqlTable(
	"former_id",
	{
		tracker: asciiText("tracker", { length: 16 }).notNull(),
		/** the original's own key: 32 hex, a number, a name such as `JVNDB-2019-001234` */
		oldId: exactText("old_id", { length: 64 }).notNull(),
		recordId: binary16("record_id").notNull(),
	},
	(t) => [primaryKey({ columns: [t.tracker, t.oldId] }), index("former_id_record").on(t.recordId)],
);
