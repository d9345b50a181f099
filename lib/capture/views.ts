/** Pictures of a capture that can be asked for. All are PNG files that were made here. */
export const PICTURES = ["screenshot", "full-page", "thumbnail", "difference"] as const;
export type Picture = (typeof PICTURES)[number];

export const SOURCES = ["content", "markup"] as const;
/** `content`: as the server sent it. `markup`: as it was when the page had run. */
export type SourceKind = (typeof SOURCES)[number];
