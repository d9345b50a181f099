import pino from "pino";
import { env } from "@/lib/env";

/** Keys whose values never reach a log line, wherever they stand. */
const SECRET_KEYS = ["password", "secret", "token", "authorization", "cookie", "key", "apiKey", "headers.authorization", "headers.cookie"];

/** Structured log on standard error, one JSON object a line (so control characters in values are inert). */
export const log = pino(
	{
		level: env().logLevel,
		base: null,
		timestamp: pino.stdTimeFunctions.isoTime,
		redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: "…" },
	},
	pino.destination({ dest: 2, sync: true }),
);
