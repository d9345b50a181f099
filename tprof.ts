import { writeFeed } from "./tests/bench/feed"; import { syntheticRows } from "./tests/bench/corpus"; import { benchServer } from "./tests/bench/server"; import { spawnSync } from "node:child_process";
await writeFeed("/tmp/feed.csv", syntheticRows(100000)); const s=await benchServer(); await s.database("b1");
const r=spawnSync(process.execPath,["--expose-gc","--cpu-prof","--cpu-prof-dir=/tmp/prof","--import","tsx","tests/bench/ingest-child.ts",s.url("b1"),"/tmp/feed.csv"],{encoding:"utf8"}); console.log(r.stdout,r.stderr); await s.stop();
