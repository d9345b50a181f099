import { setTimeout as sleep } from "node:timers/promises";
import { env } from "@/lib/env";
import type { AddressPolicy } from "@/lib/net";
import { type Database, database } from "@/lib/platform";
import type { Look } from "./message";

/** Where a delivery stands, told to whoever watches. */
export type DeliveryPoint = "after-outbox-commit-before-post" | "after-post-before-mark";

/** Everything delivery needs from outside. */
export interface DeliveryParts {
	database: Database;
	/** null: alerts for Slack wait */
	slack: { token: string; apiUrl: string | null; canMute: boolean; timeoutMs?: number } | null;
	publicUrl: string | null;
	/** opens the webhooks */
	authSecret: string | null;
	/** for webhooks */
	policy: AddressPolicy;
	/** how a kind of hunter signs */
	look: (kind: string) => Look | undefined;
	now: () => Date;
	sleep: (milliseconds: number) => Promise<unknown>;
	random: () => number;
	onPoint?: (point: DeliveryPoint, alert: string) => void | Promise<void>;
}

/** Those of this installation. `look`: how kinds of hunters sign. */
export function deliveryParts(look: DeliveryParts["look"] = () => undefined): DeliveryParts {
	const { slack, publicUrl, authSecret } = env();
	return {
		database: database(),
		slack: slack === null ? null : { token: slack.token, apiUrl: slack.apiUrl, canMute: slack.signingSecret !== null },
		publicUrl,
		authSecret,
		policy: {},
		look,
		now: () => new Date(),
		sleep: (milliseconds) => sleep(milliseconds),
		random: Math.random,
	};
}
