import type { SourceDefinition } from "./define";
import { FORMER_SOURCES } from "./former";
import { abuseipdb } from "./reputation/abuseipdb";
import { blocklistDe } from "./reputation/blocklist-de";
import { blocklistDeApache } from "./reputation/blocklist-de-apache";
import { blocklistDeBots } from "./reputation/blocklist-de-bots";
import { blocklistDeBruteforce } from "./reputation/blocklist-de-bruteforce";
import { blocklistDeMail } from "./reputation/blocklist-de-mail";
import { blocklistDeSsh } from "./reputation/blocklist-de-ssh";
import { botvrijDomains } from "./reputation/botvrij-domains";
import { botvrijIps } from "./reputation/botvrij-ips";
import { botvrijMd5 } from "./reputation/botvrij-md5";
import { botvrijSha1 } from "./reputation/botvrij-sha1";
import { botvrijSha256 } from "./reputation/botvrij-sha256";
import { botvrijUrls } from "./reputation/botvrij-urls";
import { bruteforceblocker } from "./reputation/bruteforceblocker";
import { c2intelDomains } from "./reputation/c2intel-domains";
import { c2intelIps } from "./reputation/c2intel-ips";
import { cins } from "./reputation/cins";
import { cybercrimeTracker } from "./reputation/cybercrime-tracker";
import { dataplaneSshclient } from "./reputation/dataplane-sshclient";
import { dataplaneSshpwauth } from "./reputation/dataplane-sshpwauth";
import { dataplaneVncrfb } from "./reputation/dataplane-vncrfb";
import { dshieldBlock } from "./reputation/dshield-block";
import { etCompromised } from "./reputation/et-compromised";
import { feodo } from "./reputation/feodo";
import { fireholLevel1 } from "./reputation/firehol-level1";
import { greensnow } from "./reputation/greensnow";
import { malshare } from "./reputation/malshare";
import { maltrailAsyncrat } from "./reputation/maltrail-asyncrat";
import { maltrailCobaltstrike } from "./reputation/maltrail-cobaltstrike";
import { maltrailEmotet } from "./reputation/maltrail-emotet";
import { maltrailFlubot } from "./reputation/maltrail-flubot";
import { maltrailKimsuky } from "./reputation/maltrail-kimsuky";
import { maltrailLokibot } from "./reputation/maltrail-lokibot";
import { maltrailMagentocore } from "./reputation/maltrail-magentocore";
import { maltrailMassScanner } from "./reputation/maltrail-mass-scanner";
import { maltrailMirai } from "./reputation/maltrail-mirai";
import { maltrailNjrat } from "./reputation/maltrail-njrat";
import { maltrailRedline } from "./reputation/maltrail-redline";
import { malwarebazaar } from "./reputation/malwarebazaar";
import { openphish } from "./reputation/openphish";
import { phishtank } from "./reputation/phishtank";
import { spamhausDropV4 } from "./reputation/spamhaus-drop-v4";
import { spamhausDropV6 } from "./reputation/spamhaus-drop-v6";
import { sslbl } from "./reputation/sslbl";
import { threatfox } from "./reputation/threatfox";
import { torExits } from "./reputation/tor-exits";
import { turris } from "./reputation/turris";
import { urlhaus } from "./reputation/urlhaus";
import { viriback } from "./reputation/viriback";

/** Every reputation source, in the order of their numbers. A test compares this list with the folder. */
export const reputationSources: readonly SourceDefinition[] = [
	phishtank,
	cins,
	cybercrimeTracker,
	malshare,
	abuseipdb,
	urlhaus,
	threatfox,
	feodo,
	malwarebazaar,
	sslbl,
	openphish,
	dshieldBlock,
	blocklistDe,
	blocklistDeSsh,
	blocklistDeMail,
	blocklistDeApache,
	blocklistDeBots,
	blocklistDeBruteforce,
	spamhausDropV4,
	spamhausDropV6,
	etCompromised,
	greensnow,
	torExits,
	c2intelIps,
	c2intelDomains,
	botvrijIps,
	botvrijDomains,
	botvrijUrls,
	botvrijMd5,
	botvrijSha1,
	botvrijSha256,
	viriback,
	bruteforceblocker,
	fireholLevel1,
	dataplaneSshclient,
	dataplaneSshpwauth,
	dataplaneVncrfb,
	turris,
	maltrailMassScanner,
	maltrailMagentocore,
	maltrailFlubot,
	maltrailKimsuky,
	maltrailAsyncrat,
	maltrailCobaltstrike,
	maltrailMirai,
	maltrailEmotet,
	maltrailLokibot,
	maltrailNjrat,
	maltrailRedline,
];

/** By number and by slug. Throws where two sources claim the same: records of one would be taken for the other's. */
function byNumberOnce(sources: readonly SourceDefinition[]): ReadonlyMap<number, SourceDefinition> {
	const found = new Map<number, SourceDefinition>();
	const slugs = new Set<string>();
	for (const source of sources) {
		const other = found.get(source.number) ?? (FORMER_SOURCES[source.number] === undefined ? undefined : { id: FORMER_SOURCES[source.number] });
		if (other !== undefined) throw new Error(`The sources ${source.id} and ${other.id} both have the number ${source.number}. Give the newer one the next free number.`);
		if (slugs.has(source.id)) throw new Error(`Two sources are called ${source.id}. Slugs must differ.`);
		found.set(source.number, source);
		slugs.add(source.id);
	}
	return found;
}

const byNumber = byNumberOnce(reputationSources);
const names: Readonly<Record<number, string>> = {
	...FORMER_SOURCES,
	...Object.fromEntries(reputationSources.map((source) => [source.number, source.name])),
};

/** The definition with this number, undefined for a source that is gone or never was. */
export function sourceByNumber(number: number): SourceDefinition | undefined {
	return byNumber.get(number);
}

/** Names by number, those of the original's sources that died included: old links and imported data keep their meaning. */
export function sourceNames(): Readonly<Record<number, string>> {
	return names;
}
