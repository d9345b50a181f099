/** On every page of the demonstration: nobody shall take samples for the state of the world. */
export function DemoBanner() {
	return (
		<p className="bg-warn-soft px-4 py-1 text-center text-sm text-warn">
			Demonstration: everything is read from samples<span className="sm:hidden">.</span>
			<span className="max-sm:hidden"> on this machine. Dates and lists are those of the samples, not of today.</span>
		</p>
	);
}
