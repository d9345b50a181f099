import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "./globals.css";
import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { DemoBanner } from "@/components/demo-banner";
import { isDemo } from "@/lib/health";

export const metadata: Metadata = {
	title: { default: "EXIST", template: "%s · EXIST" },
	description: "Cyber threat intelligence: one index, every source side by side.",
	robots: { index: false, follow: false },
	icons: { icon: "/favicon.svg" },
};

export const viewport: Viewport = { width: "device-width", initialScale: 1 };

/** Theme and demonstration notice hold for every page, signed in or not. */
export default async function RootLayout({ children }: { children: ReactNode }) {
	const theme = (await cookies()).get("theme")?.value;
	return (
		<html lang="en" {...(theme === "light" || theme === "dark" ? { "data-theme": theme } : {})}>
			<body>
				{isDemo() && <DemoBanner />}
				{children}
			</body>
		</html>
	);
}
