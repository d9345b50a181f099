"use client";

import { Moon, Sun } from "lucide-react";

/** Light or dark, kept in a cookie so that the server draws the right one at once. Without it the system decides. */
export function ThemeToggle() {
	const toggle = () => {
		const root = document.documentElement;
		const dark = root.dataset.theme === "dark" || (root.dataset.theme === undefined && window.matchMedia("(prefers-color-scheme: dark)").matches);
		root.dataset.theme = dark ? "light" : "dark";
		// biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
		document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
	};
	return (
		<button type="button" onClick={toggle} aria-label="Light or dark" title="Light or dark" className="rounded-md p-1.5 text-ink-3 hover:bg-sunken hover:text-ink">
			<Sun size={15} className="dark-only" aria-hidden="true" />
			<Moon size={15} className="light-only" aria-hidden="true" />
		</button>
	);
}
