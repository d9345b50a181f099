import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { SignInForm } from "@/components/console/sign-in-form";
import { hasUsers, outsideProviders, sessionPrincipal } from "@/lib/auth";
import { type SearchParams, safePath, urlParams } from "../../guard";

export const metadata: Metadata = { title: "Sign in" };

const REASONS: Readonly<Record<string, string>> = {
	NotInvited: "That account is not known here. Ask an administrator to invite its e-mail address.",
	OAuthCallback: "The provider's answer could not be used. Try again.",
};

export default async function SignInPage({ searchParams }: { searchParams: SearchParams }) {
	const params = await urlParams(searchParams);
	const target = safePath(params.get("callbackUrl"));
	if ((await sessionPrincipal()) !== null) redirect(target);
	const error = params.get("error");
	if (!(await hasUsers())) {
		return (
			<div className="prose">
				<h1 className="mb-2 text-lg font-semibold">Nobody has an account yet</h1>
				<p>On the machine that runs EXIST, create the first administrator:</p>
				<p>
					<code>npm run exist -- user add --email you@example.com --role administrator</code>
				</p>
				<p>
					Where there is no command line, set <code>EXIST_SETUP_TOKEN</code> and open <Link href="/setup">the set-up page</Link>.
				</p>
			</div>
		);
	}
	return (
		<>
			<h1 className="mb-4 text-lg font-semibold">Sign in</h1>
			<SignInForm target={target} providers={outsideProviders()} said={error === null ? null : (REASONS[error] ?? "Signing in did not work. Try again.")} />
		</>
	);
}
