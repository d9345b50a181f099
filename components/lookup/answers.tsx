"use client";

import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import type { Offer } from "@/lib/lookup";
import type { Told } from "./ask-service";

interface Answers {
	offers: readonly Offer[];
	told: Readonly<Record<string, Told>>;
	tell: (id: string, told: Told | null) => void;
	/** services asked although the chosen reach leaves them out: somebody pressed for it */
	pressed: readonly string[];
	press: (id: string) => void;
}

const Context = createContext<Answers | null>(null);

/** What the services have answered so far, for the panels that show it and the verdict that counts it. */
export function AnswersProvider({ offers, children }: { offers: readonly Offer[]; children: ReactNode }) {
	const [told, setTold] = useState<Answers["told"]>({});
	const [pressed, setPressed] = useState<readonly string[]>([]);
	const tell = useCallback((id: string, answer: Told | null) => {
		setTold(({ [id]: _, ...others }) => (answer === null ? others : { ...others, [id]: answer }));
	}, []);
	const press = useCallback((id: string) => setPressed((before) => (before.includes(id) ? before : [...before, id])), []);
	const value = useMemo(() => ({ offers, told, tell, pressed, press }), [offers, told, tell, pressed, press]);
	return <Context value={value}>{children}</Context>;
}

export function useAnswers(): Answers {
	const answers = useContext(Context);
	if (answers === null) throw new Error("there are no answers outside of an AnswersProvider");
	return answers;
}

/** Services that are asked: nothing holds them back, or only the reach, which somebody has lifted for this one. */
export function isAsked(offer: Offer, pressed: readonly string[]): boolean {
	return offer.held === null || (offer.held.why === "reach" && pressed.includes(offer.id));
}
