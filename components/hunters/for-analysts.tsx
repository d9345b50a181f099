import type { ReactNode } from "react";
import { Notice } from "../ui/notice";

/** What a viewer is told where the form of a hunter would stand; `children`: where to go instead. */
export function ForAnalysts({ title, children }: { title: string; children: ReactNode }) {
	return (
		<Notice title={title} heading="h1">
			<p>Your role is viewer: you see what hunters find and what became of their alerts. An administrator can make you an analyst.</p>
			<p>{children}</p>
		</Notice>
	);
}
