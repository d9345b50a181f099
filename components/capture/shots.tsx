import type { CaptureDetail } from "@/lib/capture/rows";
import { Panel } from "../ui/panel";
import { Lightbox } from "./lightbox";
import { shownUrl } from "./words";

type FullPage = NonNullable<CaptureDetail["result"]>["fullPage"];

const NAMES = { screenshot: "Viewport", "full-page": "Full page" } as const;

/** What is missing of the picture of the whole page. */
function missing(fullPage: FullPage): string | null {
	if (fullPage === null) return null;
	if (fullPage.lost !== null) return `There is no picture of the full page: ${fullPage.lost}.`;
	return fullPage.shown < fullPage.height ? `The picture of the full page is cut at ${fullPage.shown.toLocaleString("en")} of ${fullPage.height.toLocaleString("en")} pixels.` : null;
}

/** The pictures of a capture, and what became of the long one. */
export function Shots({ id, pictures, fullPage, of }: { id: string; pictures: ReadonlyArray<keyof typeof NAMES>; fullPage: FullPage; of: string }) {
	const shots = pictures.map((picture) => ({ name: NAMES[picture], src: `/api/captures/${id}/${picture}` }));
	const note = missing(fullPage);
	return (
		<Panel title="Screenshot" aside={shots.length > 0 ? "click for the full size" : undefined}>
			{shots.length > 0 && <Lightbox shots={shots} alt={`Screenshot of ${shownUrl(of).slice(0, 200)}`} />}
			{note !== null && <p className="px-4 py-2 text-sm text-ink-2">{note}</p>}
		</Panel>
	);
}
