// `npm run demo`: the whole system on samples of the providers' own bodies.
import { prepare } from "./bootstrap.mjs";

prepare();
const { startSystem } = await import("./system.mjs");
await startSystem({ demo: true });
