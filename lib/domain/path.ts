import type { Indicator } from "./indicator";

/** Where everything about an indicator is shown: the paths other tools link to. */
export function indicatorPath({ type, value }: Indicator): string {
	const encoded = encodeURIComponent(value);
	switch (type) {
		case "ipv4":
		case "ipv6":
		case "cidr":
			return `/ip/${encoded}`;
		case "domain":
			return `/domain/${encoded}`;
		case "url":
			return `/url/${encoded}`;
		case "md5":
		case "sha1":
		case "sha256":
			return `/hash/${encoded}`;
		case "cve":
			return `/lookup?keyword=${encoded}`;
		default:
			return `/cross?keyword=${encoded}`;
	}
}
