/** What people may do. Each role includes those before it. */
export const ROLES = ["viewer", "analyst", "administrator"] as const;
export type Role = (typeof ROLES)[number];

/** `viewer` reads, `analyst` also asks for runs and edits, `administrator` also manages sources and people. */
export function roleAllows(role: Role, wanted: Role): boolean {
	return ROLES.indexOf(role) >= ROLES.indexOf(wanted);
}

/** A stored role; one of a later release counts as the least. */
export function toRole(text: string): Role {
	return ROLES.find((role) => role === text) ?? "viewer";
}
