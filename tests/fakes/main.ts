import { startUpstreams } from "./upstreams";

const upstreams = await startUpstreams(Number(process.argv[2] ?? 0));
process.stdout.write(`${upstreams.url}\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void upstreams.stop().then(() => process.exit(0)));
