"use client";

import { useEffect } from "react";
import type { Indicator } from "@/lib/domain/indicator";
import { rememberLookup } from "./recent";

/** Notes in this browser that somebody looked at an indicator. */
export function Remember({ indicator: { type, value } }: { indicator: Indicator }) {
	useEffect(() => rememberLookup({ type, value }), [type, value]);
	return null;
}
