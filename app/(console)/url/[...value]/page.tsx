import type { Metadata } from "next";
import { type SearchParams, urlParams } from "../../../guard";
import { decoded, IndicatorPage, indicatorTitle } from "../../../indicator-page";

type Props = { params: Promise<{ value: string[] }>; searchParams: SearchParams };

/** Percent-encoded as one segment, or written out behind the path; then its query is the page's own. */
async function writtenUrl({ params, searchParams }: Props): Promise<string> {
	const { value } = await params;
	const query = await urlParams(searchParams);
	const text = value
		.map(decoded)
		.join("/")
		.replace(/^([a-z]+:)\/(?!\/)/i, "$1//");
	return query.size === 0 ? text : `${text}?${query}`;
}

export async function generateMetadata(props: Props): Promise<Metadata> {
	return { title: indicatorTitle(await writtenUrl(props), "url") };
}

export default async function Page(props: Props) {
	return <IndicatorPage value={await writtenUrl(props)} as="url" what="URL" />;
}
