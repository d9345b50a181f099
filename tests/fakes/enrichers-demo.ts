import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Zone } from "./names";
import type { WhoisAnswers } from "./whois";

/**
 * Names and registries as the demonstration knows them. The values are those that its fixtures speak of; records are what these
 * names would plausibly answer, with addresses of the fixtures.
 */

/** Zones of the demonstration; other names do not exist. */
export const demoZone: Zone = {
	"example.cz": {
		A: ["120.78.59.202"],
		MX: ["10 mail.example.cz"],
		NS: ["ns.pipni.cz", "ns2.pipni.cz", "ns3.pipni.cz"],
		TXT: ["v=spf1 -all"],
		SOA: ["ns.pipni.cz hostmaster.pipni.cz 2026112401 10800 3600 604800 3600"],
	},
	"202.59.78.120.in-addr.arpa": { PTR: ["api02t.c.ylt100.cn"] },
	"api02t.c.ylt100.cn": { A: ["120.78.59.202"] },
	"202.59.78.120.origin.asn.cymru.com": { TXT: ["37963 | 120.76.0.0/14 | CN | apnic | 2010-02-03"] },
	"as37963.asn.cymru.com": { TXT: ["37963 | CN | apnic | 2006-05-26 | ALIBABA-CN-NET Hangzhou Alibaba Advertising Co.,Ltd., CN"] },
};

function registryText(file: string, server: string): string {
	// All servers stand behind one port: the referral of IANA and the registry's word are one text.
	return `refer: ${server}\n\n${readFileSync(join(import.meta.dirname, "../fixtures/enrichers", file), "utf8")}`;
}

/** What whois servers of the demonstration say. */
export const demoWhois: WhoisAnswers = {
	"example.cz": registryText("whois-cz.txt", "whois.nic.cz"),
	"120.78.59.202": registryText("whois-apnic.txt", "whois.apnic.net"),
};

/** Values that the demonstration can say something about: at least one for every enricher. */
export const demoValues: readonly string[] = [
	"120.78.59.202",
	"example.cz",
	"104.168.44.59",
	"http://soclosebutyetqq.com/69.exe",
	"http://sskymedia.com/VMYB-ht_JAQo-gi/INV/99401FORPO/20673114777/US/Outstanding-Invoices/",
	"4bc00f7d638e042da764e8648c03c0db46700599dd4f08d117e3e9e8b538519b",
	"a8ce925aaa553b4d8878d2bacff9047b0837b96597a80a54e038f14b68878ce5",
];
