import { defineSource } from "../define";
import { addressRow } from "../rows";

/** Hosts that were broken into and attack others now: their owners are victims. */
export const etCompromised = defineSource({
	id: "et-compromised",
	name: "Emerging Threats Compromised",
	number: 1016,
	tracker: "reputation",
	homepage: "https://rules.emergingthreats.net/",
	url: "https://rules.emergingthreats.net/blockrules/compromised-ips.txt",
	everyMinutes: 720,
	lists: { mode: "snapshot" },
	licence: { name: "BSD (ET Open)", url: "https://rules.emergingthreats.net/OPEN_download_instructions.html", redistributable: true, attribution: "Data by Emerging Threats Open." },
	category: "attacker",
	format: { kind: "lines" },
	row: (record) => ({ ...addressRow(record), description: "compromised host" }),
});
