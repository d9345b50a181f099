import { startFakeSlack } from "./slack";
import { startUpstreams } from "./upstreams";

/** `tsx tests/fakes/main.ts <port> <port of Slack>`: everything the demonstration asks and tells, on loopback. */
const [, , port, slackPort] = process.argv;
const upstreams = await startUpstreams(Number(port ?? 0));
const slack = slackPort === undefined ? null : await startFakeSlack({ port: Number(slackPort), token: "xoxb-demo" });
process.stdout.write(`${upstreams.url}\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void Promise.all([upstreams.stop(), slack?.stop()]).then(() => process.exit(0)));
