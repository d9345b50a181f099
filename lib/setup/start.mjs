// `npm start`: the whole system against the real upstreams.
import { prepare } from "./bootstrap.mjs";

prepare();
const { startSystem } = await import("./system.mjs");
await startSystem({ demo: false });
