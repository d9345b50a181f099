import type { EventGalaxy } from "@/lib/trackers/threat";
import { Panel } from "../ui/panel";

/** Clusters of galaxies an event names: who, with what, by which technique. */
export function Galaxies({ galaxies }: { galaxies: readonly EventGalaxy[] }) {
	if (galaxies.length === 0) return null;
	return (
		<Panel title="Galaxies" aside={String(galaxies.reduce((sum, { clusters }) => sum + clusters.length, 0))}>
			<dl className="grid gap-x-5 gap-y-3 px-4 py-3 sm:grid-cols-2 lg:grid-cols-3">
				{galaxies.map((galaxy) => (
					<div key={`${galaxy.type} ${galaxy.name}`} className="min-w-0">
						<dt className="text-xs text-ink-3">{galaxy.name}</dt>
						{galaxy.clusters.map(({ value, description }) => (
							<dd key={value} className="break-words">
								{description === undefined ? (
									value
								) : (
									<details>
										<summary className="cursor-pointer">{value}</summary>
										<p className="mt-1 max-w-[70ch] text-sm whitespace-pre-wrap text-ink-2">{description}</p>
									</details>
								)}
							</dd>
						))}
					</div>
				))}
			</dl>
		</Panel>
	);
}
