import { WaitingPanel, WaitingTable, WaitingTitle } from "@/components/ui/waiting";

export default function Loading() {
	return (
		<>
			<WaitingTitle />
			<WaitingPanel height={46} />
			<WaitingPanel height={100} />
			<WaitingTable rows={20} />
		</>
	);
}
