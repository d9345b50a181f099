/** On every page of the demonstration: nobody shall take samples for the state of the world. */
export function DemoBanner() {
	return (
		<p className="bg-warn-soft px-4 py-1 text-center text-sm text-warn">
			Demonstration: sources are read from samples on this machine. <span className="max-sm:hidden">Dates and lists are those of the samples, not of today.</span>
		</p>
	);
}
