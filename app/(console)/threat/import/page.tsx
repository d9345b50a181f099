import type { Metadata } from "next";
import { ImportForm } from "@/components/threat/import-form";
import { pagePrincipal } from "../../../guard";

export const metadata: Metadata = { title: "Import MISP events" };

/** Events by hand: an export of a MISP, a feed's event, a saved answer of a server. */
export default async function ImportPage() {
	await pagePrincipal("analyst");
	return (
		<>
			<h1 className="text-lg font-semibold">Import MISP events</h1>
			<p className="max-w-[70ch] text-ink-2">
				A MISP JSON file with one event or many, up to 40 MB: as MISP exports it, as a feed has it, or as a server answers. An event that is here already is brought up to date where the file is newer;
				what cannot be read is listed with its reason, and the rest is stored. On the command line: <code className="mono">exist threat import file.json</code>.
			</p>
			<ImportForm />
		</>
	);
}
