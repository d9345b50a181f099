import type { SourceDefinition } from "../define";
import { abuseipdb } from "./abuseipdb";
import { blocklistDe } from "./blocklist-de";
import { blocklistDeApache } from "./blocklist-de-apache";
import { blocklistDeBots } from "./blocklist-de-bots";
import { blocklistDeBruteforce } from "./blocklist-de-bruteforce";
import { blocklistDeMail } from "./blocklist-de-mail";
import { blocklistDeSsh } from "./blocklist-de-ssh";
import { botvrijDomains } from "./botvrij-domains";
import { botvrijIps } from "./botvrij-ips";
import { botvrijMd5 } from "./botvrij-md5";
import { botvrijSha1 } from "./botvrij-sha1";
import { botvrijSha256 } from "./botvrij-sha256";
import { botvrijUrls } from "./botvrij-urls";
import { bruteforceblocker } from "./bruteforceblocker";
import { c2intelDomains } from "./c2intel-domains";
import { c2intelIps } from "./c2intel-ips";
import { cins } from "./cins";
import { cybercrimeTracker } from "./cybercrime-tracker";
import { dataplaneSshclient } from "./dataplane-sshclient";
import { dataplaneSshpwauth } from "./dataplane-sshpwauth";
import { dataplaneVncrfb } from "./dataplane-vncrfb";
import { dshieldBlock } from "./dshield-block";
import { etCompromised } from "./et-compromised";
import { feodo } from "./feodo";
import { fireholLevel1 } from "./firehol-level1";
import { greensnow } from "./greensnow";
import { malshare } from "./malshare";
import { maltrailAsyncrat } from "./maltrail-asyncrat";
import { maltrailCobaltstrike } from "./maltrail-cobaltstrike";
import { maltrailEmotet } from "./maltrail-emotet";
import { maltrailFlubot } from "./maltrail-flubot";
import { maltrailKimsuky } from "./maltrail-kimsuky";
import { maltrailLokibot } from "./maltrail-lokibot";
import { maltrailMagentocore } from "./maltrail-magentocore";
import { maltrailMassScanner } from "./maltrail-mass-scanner";
import { maltrailMirai } from "./maltrail-mirai";
import { maltrailNjrat } from "./maltrail-njrat";
import { maltrailRedline } from "./maltrail-redline";
import { malwarebazaar } from "./malwarebazaar";
import { openphish } from "./openphish";
import { phishtank } from "./phishtank";
import { spamhausDropV4 } from "./spamhaus-drop-v4";
import { spamhausDropV6 } from "./spamhaus-drop-v6";
import { sslbl } from "./sslbl";
import { threatfox } from "./threatfox";
import { torExits } from "./tor-exits";
import { turris } from "./turris";
import { urlhaus } from "./urlhaus";
import { viriback } from "./viriback";

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
