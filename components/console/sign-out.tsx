"use client";

import { signOut } from "next-auth/react";
import { Button } from "@/components/ui/button";
import { forgetLookups } from "../lookup/recent";
import { handedList } from "../lookup/target";

/** Ends the session; what this person looked up is nothing for the next one at this browser. */
export function SignOut() {
	const leave = () => {
		forgetLookups();
		handedList();
		void signOut({ callbackUrl: "/sign-in" });
	};
	return <Button onClick={leave}>Sign out</Button>;
}
