import { createHunter } from "@/lib/hunters";
import { closePlatform, database } from "@/lib/platform";
import { SAMPLE_HUNTERS } from "./sample-hunters";

/** Hunters of the demonstration, made once before anything is read: what the first runs bring is held against them. */

const db = database();
// Whoever deleted them does not get them back at the next start.
const [made] = await db.query<{ n: number }>("SELECT COUNT(*) AS n FROM audit_entry WHERE action = 'hunter.create'");
if (Number(made?.n ?? 0) === 0) for (const sample of SAMPLE_HUNTERS) await createHunter(sample, "demo");
await closePlatform();
