import type { Indicator } from "@/lib/domain/indicator";
import { CaptureButton } from "./capture-button";

/** The way from an indicator to a visit: of a URL itself, of a domain's or address's start page. */
export function IndicatorCapture({ indicator: { type, value } }: { indicator: Indicator }) {
	if (type === "url") return /^https?:/.test(value) ? <CaptureButton url={value} label="Capture" kind="primary" /> : null;
	if (type === "domain" || type === "ipv4") return <CaptureButton url={`http://${value}/`} label="Capture http://…" kind="primary" />;
	return type === "ipv6" ? <CaptureButton url={`http://[${value}]/`} label="Capture http://…" kind="primary" /> : null;
}
