import type { Metadata } from "next";
import { decoded, IndicatorPage } from "../../../indicator-page";

type Props = { params: Promise<{ value: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
	return { title: decoded((await params).value).slice(0, 80) };
}

export default async function Page({ params }: Props) {
	return <IndicatorPage value={decoded((await params).value)} as="hash" what="MD5, SHA-1 or SHA-256" />;
}
