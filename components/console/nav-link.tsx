"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";

/** A link of the rail that knows whether it is where we are; opening one closes the sheet it may be in. */
export function NavLink({ href, children }: { href: string; children: ReactNode }) {
	const path = usePathname().replace(/(.)\/$/, "$1");
	const here = href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
	return (
		<Link
			href={href}
			aria-current={here ? "page" : undefined}
			onClick={(event) => event.currentTarget.closest("details")?.removeAttribute("open")}
			className={`flex h-7 items-center justify-between rounded-md px-2 ${here ? "bg-accent-soft font-medium text-ink" : "text-ink-2 hover:bg-sunken"}`}
		>
			{children}
		</Link>
	);
}
