import type { Metadata } from "next";
import { ListLookup } from "@/components/lookup/list/list-lookup";
import { services } from "@/lib/lookup";
import { pagePrincipal, type SearchParams, urlParams } from "../../../guard";
import { chosenReach } from "../../../reach";

export const metadata: Metadata = { title: "Look up list" };

/** Many values at once. The list itself stays in the browser: only values go to the index, in portions. */
export default async function ListPage({ searchParams }: { searchParams: SearchParams }) {
	await pagePrincipal();
	const reach = await chosenReach();
	const values = (await urlParams(searchParams)).get("values") ?? "";
	return <ListLookup initial={values} services={await services(reach)} reach={reach} />;
}
