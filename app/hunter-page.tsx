import type { ReactNode } from "react";
import { HunterForm, type HunterStart } from "@/components/hunters/hunter-form";
import { slackState } from "@/lib/alerts";
import { xSearchTrouble } from "@/lib/health";
import type { Hunter } from "@/lib/hunters/hunter";
import { hunterKinds } from "@/lib/hunters/kinds";
import { submitHunter } from "./(console)/hunters/actions";

const KINDS = hunterKinds.map(({ id, title, says, fields, examples }) => ({
	id,
	title,
	says,
	fields: fields.map(({ name, says: holds, example, bare }) => ({ name, says: holds, example, bare })),
	examples: [...examples],
}));

const EMPTY = { name: "", query: "", enabled: true, slack: true, channel: "", webhookHost: null, digestOver: "10" } as const;

function startOf({ kind, name, query, enabled, slack, channel, ownChannel, webhookHost, digestOver }: Hunter): HunterStart {
	return { kind, name, query, enabled, slack, channel: ownChannel ? channel : "", webhookHost, digestOver: String(digestOver) };
}

type Props = { /** what stands above the form */ head: ReactNode } & ({ hunter: Hunter } | { hunter: null; kind: string | null; query: string | null; name: string | null });

/** The form for a new hunter, with what its address asks for, or for one that is there. */
export async function HunterPage(props: Props) {
	const { hunter } = props;
	const [{ configured, gate }, xTrouble] = await Promise.all([slackState(), hunter === null || hunter.kind === "twitter" ? xSearchTrouble(hunter?.name ?? null) : null]);
	const start =
		hunter !== null
			? startOf(hunter)
			: { ...EMPTY, kind: hunterKinds.find(({ id }) => id === props.kind)?.id ?? "news", query: (props.query ?? "").slice(0, 2000), name: (props.name ?? "").slice(0, 100) };
	return (
		<HunterForm
			head={props.head}
			action={submitHunter.bind(null, hunter === null ? null : { id: hunter.id, revision: hunter.revision })}
			start={start}
			kinds={KINDS}
			isNew={hunter === null}
			slackReady={configured && gate === null}
			xTrouble={xTrouble}
		/>
	);
}
