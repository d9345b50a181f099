import { WaitingTable, WaitingTitle } from "@/components/ui/waiting";

export default function Loading() {
	return (
		<>
			<WaitingTitle />
			<WaitingTable />
		</>
	);
}
