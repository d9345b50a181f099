import type { Metadata } from "next";
import { decoded, IndicatorPage, indicatorTitle } from "../../../indicator-page";

type Props = { params: Promise<{ value: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
	return { title: indicatorTitle(decoded((await params).value), "network") };
}

export default async function Page({ params }: Props) {
	return <IndicatorPage value={decoded((await params).value)} as="network" what="IP address or block" />;
}
