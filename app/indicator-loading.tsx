import { WaitingPanel, WaitingTable, WaitingTitle } from "@/components/ui/waiting";

/** The place of everything about one indicator: its name, the verdict, the timeline, the sightings. */
export function IndicatorLoading() {
	return (
		<>
			<WaitingTitle />
			<WaitingPanel height={46} />
			<WaitingPanel height={110} />
			<WaitingTable rows={4} />
		</>
	);
}
