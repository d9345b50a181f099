import { notFound } from "next/navigation";
import { ExistError } from "@/lib/errors";
import { getHunter } from "@/lib/hunters";
import type { Hunter } from "@/lib/hunters/hunter";

/** The hunter of an address, or the page that says there is none. */
export async function findHunter(id: string): Promise<Hunter> {
	try {
		return await getHunter(id);
	} catch (error) {
		if (error instanceof ExistError && error.code === "not_found") notFound();
		throw error;
	}
}
