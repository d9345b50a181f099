import { WaitingPanel, WaitingTable, WaitingTitle } from "@/components/ui/waiting";

export default function Loading() {
	return (
		<>
			<div className="sr-only">
				<WaitingTitle />
			</div>
			<div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
				<WaitingPanel height={104} className="col-span-2" />
				<WaitingPanel height={104} />
				<WaitingPanel height={104} />
			</div>
			<WaitingPanel height={296} />
			<WaitingTable rows={14} />
		</>
	);
}
