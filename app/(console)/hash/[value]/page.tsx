import type { Metadata } from "next";
import { decoded, IndicatorPage, indicatorTitle } from "../../../indicator-page";

type Props = { params: Promise<{ value: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
	return { title: indicatorTitle(decoded((await params).value), "hash") };
}

export default async function Page({ params }: Props) {
	return <IndicatorPage value={decoded((await params).value)} as="hash" what="MD5, SHA-1 or SHA-256" />;
}
