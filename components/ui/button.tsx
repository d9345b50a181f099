import type { ButtonHTMLAttributes } from "react";

const BASE = "inline-flex h-7 items-center gap-1.5 rounded-md border px-2.5 text-sm whitespace-nowrap";
const KINDS = {
	plain: "border-line-strong bg-panel text-ink hover:bg-sunken",
	primary: "border-accent bg-accent text-on-accent",
	danger: "border-line-strong bg-panel text-ink-2 hover:border-bad hover:bg-bad-soft hover:text-bad",
} as const;

export type ButtonKind = keyof typeof KINDS;

/** The look of a button, for links that do what buttons do. */
export function buttonClass(kind: ButtonKind = "plain"): string {
	return `${BASE} ${KINDS[kind]}`;
}

export function Button({ kind = "plain", className = "", type = "button", ...rest }: ButtonHTMLAttributes<HTMLButtonElement> & { kind?: ButtonKind }) {
	return <button type={type} className={`${buttonClass(kind)} ${className}`} {...rest} />;
}
