import type { ReactNode } from "react";

export default function AuthLayout({ children }: { children: ReactNode }) {
	return (
		<main className="mx-auto flex min-h-[90vh] w-full max-w-[360px] flex-col justify-center px-5 py-10">
			<p className="mb-6 flex items-center gap-2 text-xl font-semibold tracking-wide">
				<i className="block size-3 rounded-[2px] bg-accent" aria-hidden="true" />
				EXIST
			</p>
			{children}
		</main>
	);
}
