import { describe, expect, it } from "vitest";
import { inSentence } from "@/components/hunters/hunter-state";
import { hitsFile } from "@/lib/http/hunter-answers";
import { hunterKinds } from "@/lib/hunters/kinds";

describe("words about hunters", () => {
	it("name kinds within a sentence as they are written there", () => {
		expect(hunterKinds.map(({ title }) => inSentence(title))).toEqual(["X / Twitter", "threat events", "news", "exploits", "vulnerabilities", "reputation"]);
	});

	it.each([
		["Names Like PäyPal!", "exist-hunter-names-like-paypal.csv"],
		['../../etc/passwd"; x=', "exist-hunter-etc-passwd-x.csv"],
		["login.evil.example", "exist-hunter-login-evil-example.csv"],
		["フィッシング", `exist-hunter-${"0".repeat(32)}.csv`],
		["a".repeat(100), `exist-hunter-${"a".repeat(60)}.csv`],
		[`${"a".repeat(59)} b`, `exist-hunter-${"a".repeat(59)}.csv`],
	])("call the file of %s by what all systems take", (name, file) => {
		expect(hitsFile({ id: "0".repeat(32), name })).toBe(file);
	});
});
