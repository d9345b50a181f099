/** Reputation sources of the original that exist no more. Their numbers are never used again. */
export const FORMER_SOURCES: Readonly<Record<number, string>> = {
	201: "MalwareDomainList",
	211: "abuse.ch Ransomware Tracker",
	212: "abuse.ch ZeuS Tracker",
	221: "DShield Low",
	222: "DShield Medium",
	223: "DShield High",
	231: "ThreatExpert",
	251: "Bambenek CnC IP",
	252: "Bambenek CnC Domain",
	291: "Minotr.net",
};
