"use client";

import { signIn } from "next-auth/react";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";

const WORDS: Readonly<Record<string, string>> = {
	CredentialsSignin: "E-mail address and password do not belong together.",
	rate_limited: "Too many attempts. Try again in a quarter of an hour.",
	unavailable: "Signing in is not possible at the moment: the database does not answer. Try again in a minute.",
};

/** Local account, or one of the outside providers that are set up. */
export function SignInForm({ target, providers, said }: { target: string; providers: ReadonlyArray<{ id: string; name: string }>; said: string | null }) {
	const [error, setError] = useState(said);
	const [pending, setPending] = useState(false);
	const submit = async (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		const form = new FormData(event.currentTarget);
		setPending(true);
		setError(null);
		const result = await signIn("credentials", { redirect: false, email: String(form.get("email")), password: String(form.get("password")), callbackUrl: target });
		if (result?.ok === true && result.error === null) window.location.assign(target);
		else {
			setPending(false);
			setError(WORDS[result?.error ?? ""] ?? "Signing in did not work. Try again.");
		}
	};
	return (
		<>
			<form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
				<label className="text-sm text-ink-2">
					E-mail address
					<input name="email" type="email" required autoComplete="username" autoFocus className="field mt-1 block h-9 w-full" />
				</label>
				<label className="text-sm text-ink-2">
					Password
					<input name="password" type="password" required autoComplete="current-password" className="field mt-1 block h-9 w-full" />
				</label>
				{error !== null && (
					<p role="alert" className="text-sm text-bad">
						{error}
					</p>
				)}
				<Button type="submit" kind="primary" disabled={pending} className="h-9 justify-center">
					{pending ? "Signing in …" : "Sign in"}
				</Button>
			</form>
			{providers.length > 0 && (
				<div className="mt-5 flex flex-col gap-2 border-t border-line pt-5">
					{providers.map(({ id, name }) => (
						<Button key={id} onClick={() => void signIn(id, { callbackUrl: target })} className="h-9 justify-center">
							Sign in with {name}
						</Button>
					))}
				</div>
			)}
		</>
	);
}
