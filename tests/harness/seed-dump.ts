import { SEED_TABLES } from "@/lib/import-seed/tables";

/**
 * A database of the original as `mysqldump` writes it: every table of its models, with few rows and the edges of each. Times are
 * UTC as Django keeps them, UUIDs 32 hex, links as its plugins cut them.
 */

type Value = string | number | null;
type Row = Readonly<Record<string, Value>>;

const TIMES = /(?:^datetime|timestamp|^generated_on|_published_date|_last_modified|publish_date|informed_date|ack_date|solution_date)$/;
const NUMBERS = /(?:^(?:source|distribution|analysis|attribute_count|threat_level_id|sharing_group_id|template_version|referenced_id|referenced_type)$)/;
const FLAGS = /^(?:published|locked|deleted|to_ids|disable_correlation|proposal_email_lock|exportable|hide_tag)$/;

function typeOf(table: string, column: string): string {
	if (table === "twitter_tweet" && column === "id") return "bigint(20)";
	if (/^threat_(?!event_creator)/.test(table) && (column === "id" || column.endsWith("_id"))) return "int(10) unsigned";
	if (/^vuln_vuln_/.test(table) && column === "id") return "int(11)";
	if (column.endsWith("uuid")) return "char(32)";
	if (column === "date") return "date";
	if (TIMES.test(column)) return "datetime(6)";
	if (FLAGS.test(column)) return "tinyint(1)";
	if (NUMBERS.test(column)) return "int(11)";
	if (/score$/.test(column)) return "decimal(3,1)";
	if (/^(?:text|content|value|description|t_description|comment|info|summary|solution|impact|manual_notes)$/.test(column)) return "longtext";
	if (column === "ip") return "char(39)";
	return "varchar(255)";
}

function createTable(name: string): string {
	const { columns, key } = SEED_TABLES[name] as (typeof SEED_TABLES)[string];
	const lines = columns.map((column) => `  \`${column}\` ${typeOf(name, column)} ${column === key ? "NOT NULL" : "DEFAULT NULL"}`);
	return `DROP TABLE IF EXISTS \`${name}\`;\nCREATE TABLE \`${name}\` (\n${[...lines, `  PRIMARY KEY (\`${key}\`)`].join(",\n")}\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;\n`;
}

function literal(value: Value): string {
	if (value === null) return "NULL";
	if (typeof value === "number") return String(value);
	return `'${value
		.replace(/[\\'"]/g, "\\$&")
		.replaceAll("\n", "\\n")
		.replaceAll("\r", "\\r")
		.replaceAll("\u0000", "\\0")
		.replaceAll("\u001a", "\\Z")}'`;
}

const md5 = (letter: string): string => letter.repeat(32);
const uuid = (number: number): string => `5c1a0000000040008000${String(number).padStart(12, "0")}`;
const LONG_URL = `http://cut.example/${"a".repeat(255 - "http://cut.example/".length)}`;

const REPUTATION: Row[] = [
	{
		id: md5("a"),
		ip: null,
		domain: "",
		url: "http://phish.example/login?next=/%2F",
		source: 241,
		description: "Other",
		referrer: "http://www.phishtank.com/phish_detail.php?phish_id=1",
		countrycode: "",
		datetime: "2018-12-13 01:33:09.000000",
	},
	{
		id: md5("b"),
		ip: "203.0.113.7",
		domain: "",
		url: "http://panel.example/gate.php",
		source: 271,
		description: "Pony",
		referrer: "https://cybercrime-tracker.net/index.php",
		countrycode: "NL",
		datetime: "2018-12-14 00:00:00.000000",
	},
	// The same listing on another day, a new row there and the same listing here.
	{
		id: md5("c"),
		ip: "203.0.113.7",
		domain: "",
		url: "http://panel.example/gate.php",
		source: 271,
		description: "Pony",
		referrer: "https://cybercrime-tracker.net/index.php",
		countrycode: "NL",
		datetime: "2019-02-01 12:00:00.500000",
	},
	{ id: md5("d"), ip: null, domain: "zeus.example", url: "", source: 212, description: null, referrer: null, countrycode: "", datetime: "2018-06-01 10:00:00.000000" },
	{
		id: md5("e"),
		ip: "198.51.100.9",
		domain: "",
		url: "http://-",
		source: 201,
		description: "trojan",
		referrer: "https://www.malwaredomainlist.com/mdl.php?search=198.51.100.9",
		countrycode: "US",
		datetime: "2017-12-04 18:50:00.000000",
	},
	{ id: md5("f"), ip: null, domain: "", url: LONG_URL, source: 281, description: null, referrer: "http://www.malshare.com/search.php", countrycode: "", datetime: "2019-01-01 00:00:00.000000" },
	{ id: md5("1"), ip: null, domain: "", url: "", source: 261, description: null, referrer: null, countrycode: "", datetime: "2019-01-01 00:00:00.000000" },
	{ id: md5("2"), ip: "192.0.2.1", domain: "", url: "", source: 261, description: null, referrer: null, countrycode: "", datetime: "0000-00-00 00:00:00.000000" },
	{ id: md5("3"), ip: "192.0.2.2", domain: "", url: "", source: 901, description: "a private plugin's", referrer: null, countrycode: "", datetime: "2019-01-01 00:00:00.000000" },
	{ id: md5("4"), ip: "192.0.2.3", domain: "", url: "", source: 4711, description: null, referrer: null, countrycode: "", datetime: "2019-01-01 00:00:00.000000" },
];

const EXPLOIT: Row[] = [
	{
		id: md5("a"),
		title: "[remote] NETGEAR WNR2000v5 - Remote Code Execution",
		description: "NETGEAR WNR2000v5 - Remote Code Execution",
		datetime: "2016-12-21 00:00:00.000000",
		referrer: "https://www.exploit-db.com/exploits/40949/?",
		text: '# it\'s\n\tprint("\\x41")\nGET http://c2.example/a -- CVE-2016-10174',
		source: 111,
	},
	// The link had no `?rss`, so cutting it took the number.
	{
		id: md5("b"),
		title: "[webapps] Adobe ColdFusion 2018 - Arbitrary File Upload",
		description: "Adobe ColdFusion 2018 - Arbitrary File Upload",
		datetime: "2018-12-11 00:00:00.000000",
		referrer: "https://www.exploit-db.com/exploits/4",
		text: "",
		source: 111,
	},
	{
		id: md5("c"),
		title: "MiniShare 1.4.1 HEAD / POST Buffer Overflow",
		description: "Topic: MiniShare (CVE-2004-2271)",
		datetime: "2018-12-08 08:03:21.000000",
		referrer: "https://cxsecurity.com/issue/WLB-2018120064",
		text: "Hi!!! playing in 2006",
		source: 101,
	},
	// The row of before with another description: a new key there, the same advisory here.
	{
		id: md5("d"),
		title: "MiniShare 1.4.1 HEAD / POST Buffer Overflow",
		description: "Topic: MiniShare, again",
		datetime: "2018-12-08 08:03:21.000000",
		referrer: "https://cxsecurity.com/issue/WLB-2018120064",
		text: "Hi!!! playing in 2006",
		source: 101,
	},
	{ id: md5("e"), title: "Of a plugin that is none of the original's", description: null, datetime: "2018-12-08 08:03:21.000000", referrer: null, text: "x", source: 999 },
];

const TWEETS: Row[] = [
	{ id: "1076543210987654321", datetime: "2018-12-22 18:00:00.000000", user: "A 🦊 researcher", screen_name: "researcher", text: "IoC: hxxp://evil[.]example/a https://t.co/abcdefgh #malware 日本語" },
	{ id: "21", datetime: "2006-03-21 20:50:14.000000", user: "jack", screen_name: "jack", text: "just setting up my twttr" },
];

const NEWS: Row[] = [
	{
		id: md5("a"),
		title: "A campaign & its hosts",
		datetime: "2019-06-20 09:00:00.000000",
		referrer: "https://news.example/a?x=1&y=2",
		content: "<p>It calls <b>c2.example</b><script>alert(1)</script></p>",
		source_title: "News",
		source_url: "https://news.example/",
	},
	{ id: md5("b"), title: "Without content or link", datetime: "2019-06-21 09:00:00.000000", referrer: null, content: null, source_title: "News", source_url: null },
];

function event(id: number, more: Row): Row {
	const base = {
		id,
		org_id: 1,
		orgc_id: 2,
		date: "2018-12-10",
		threat_level_id: 2,
		info: `Event ${id}`,
		published: 1,
		uuid: uuid(id),
		attribute_count: 3,
		analysis: 2,
		timestamp: "2018-12-12 10:00:00.000000",
		distribution: 3,
	};
	return { ...base, proposal_email_lock: 0, locked: 0, publish_timestamp: "2018-12-12 11:00:00.000000", sharing_group_id: 0, disable_correlation: 0, event_creator_email: null, ...more };
}

function attribute(id: number, eventId: number, type: string, value: string, more: Row = {}): Row {
	const base = {
		id,
		type,
		category: "Network activity",
		to_ids: 1,
		uuid: uuid(1000 + id),
		event_id: eventId,
		distribution: 5,
		timestamp: "2018-12-12 09:00:00.000000",
		comment: "",
		sharing_group_id: 0,
	};
	return { ...base, deleted: 0, disable_correlation: 0, object_id_id: null, object_relation: null, value, ...more };
}

const THREAT: Readonly<Record<string, Row[]>> = {
	threat_org: [
		{ id: 1, name: "ORGNAME", uuid: uuid(1) },
		{ id: 2, name: "CIRCL", uuid: uuid(2) },
	],
	threat_tag: [
		{ id: 1, name: "tlp:white", colour: "#ffffff", exportable: 1, hide_tag: 0 },
		{ id: 2, name: 'misp-galaxy:tool="Emotet"', colour: "red", exportable: 1, hide_tag: 0 },
	],
	threat_event: [event(10, { info: "OSINT - Emotet's hosts" }), event(11, { attribute_count: 0, published: 0, publish_timestamp: "1970-01-01 00:00:00.000000", org_id: 77 }), event(12, { uuid: "" })],
	threat_attribute: [
		attribute(1, 10, "ip-dst", "203.0.113.80"),
		attribute(2, 10, "filename|sha256", `a.exe|${"ab".repeat(32)}`, { object_id_id: 5, object_relation: "sha256" }),
		// In its object by the table of links alone, as the original's releases left it.
		attribute(3, 10, "domain", "emotet.example", { object_relation: "domain" }),
		attribute(4, 10, "domain", "gone.example", { deleted: 1 }),
		attribute(5, 10, "comment", "no uuid", { uuid: "" }),
		attribute(6, 99, "domain", "of an event that is not there.example"),
	],
	threat_object: [
		{
			id: 5,
			name: "file",
			meta_category: "file",
			description: "File object",
			template_uuid: uuid(500),
			template_version: 7,
			event_id: 10,
			uuid: uuid(5000),
			timestamp: "2018-12-12 09:00:00.000000",
			distribution: 5,
			sharing_group_id: 0,
			comment: "",
			deleted: 0,
		},
	],
	threat_objectreference: [
		{
			id: 7,
			uuid: uuid(7000),
			timestamp: "2018-12-12 09:00:00.000000",
			object_id_id: 5,
			event_id: 10,
			referenced_id: 1,
			referenced_type: 0,
			relationship_type: "connects-to",
			comment: "",
			deleted: 0,
			object_uuid: uuid(5000),
			referenced_uuid: uuid(1001),
		},
	],
	threat_event_tags: [
		{ id: 1, event_id: 10, tag_id: 1 },
		{ id: 2, event_id: 10, tag_id: 2 },
	],
	threat_event_relatedevents: [{ id: 1, from_event_id: 10, to_event_id: 11 }],
	threat_attribute_tags: [{ id: 1, attribute_id: 1, tag_id: 2 }],
	threat_object_attributes: [
		{ id: 1, object_id: 5, attribute_id: 2 },
		{ id: 2, object_id: 5, attribute_id: 3 },
	],
	threat_object_objectreferences: [{ id: 1, object_id: 5, objectreference_id: 7 }],
};

const NOTHING = {
	t_description: null,
	impact: null,
	discovery_date: null,
	disclosure_date: null,
	exploit_publish_date: null,
	vendor_informed_date: null,
	vendor_ack_date: null,
	solution: null,
	solution_date: null,
	third_party_solution_date: null,
	manual_notes: null,
	keywords: null,
	link: null,
};

const VULN: Readonly<Record<string, Row[]>> = {
	vuln_vuln: [
		{
			...NOTHING,
			id: "JVNDB-2019-001234",
			title: "製品における脆弱性",
			description: "概要",
			impact: "影響",
			vulndb_published_date: "2019-03-01 03:00:00.000000",
			vulndb_last_modified: "2019-03-05 03:00:00.000000",
			disclosure_date: "2019-02-28 00:00:00+09:00",
			solution: "更新",
			source: 201,
		},
		{
			...NOTHING,
			id: "190001",
			title: "Product contains a flaw",
			description: "It overflows.",
			t_description: "訳",
			vulndb_published_date: "1998-12-31 15:00:00.000000",
			vulndb_last_modified: null,
			source: 101,
			keywords: "k1,k2",
		},
		{ ...NOTHING, id: "no name", title: "x", description: null, vulndb_published_date: "2019-03-01 03:00:00.000000", vulndb_last_modified: null, source: 201 },
	],
	vuln_product: [{ id: md5("a"), name: "Product" }],
	vuln_vendor: [{ id: md5("b"), name: "Vendor" }],
	vuln_author: [{ id: "7", name: "Finder" }],
	vuln_reference: [{ id: md5("c"), reftype: "advisory", value: "Vendor: A-1", url: "https://vendor.example/a-1" }],
	vuln_tag: [{ id: 3, name: "remote", description: null, longname: null }],
	vuln_cvss: [
		{
			id: md5("d"),
			version: "3.0",
			vector: "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
			access_vector: null,
			access_complexity: null,
			authentication: null,
			confidentiality_impact: null,
			integrity_impact: null,
			availability_impact: null,
			score: 9.8,
			calculated_cvss_base_score: 9.8,
			cve_id: null,
			source: null,
			generated_on: "2019-03-01 03:00:00.000000",
		},
	],
	vuln_nvd: [
		{
			id: "CVE-2019-0001",
			cwe_id: "CWE-119",
			cvss_access_complexity: null,
			cvss_availability_impact: null,
			cvss_confidentiality_impact: null,
			cvss_access_vector: null,
			cvss_authentication: null,
			cvss_integrity_impact: null,
			cvss_score: 7.5,
			summary: "A summary.",
		},
	],
	vuln_nvdref: [{ id: md5("e"), url: "https://nvd.example/ref", source: "CONFIRM", name: "https://nvd.example/ref" }],
	vuln_nvd_references: [{ id: 1, nvd_id: "CVE-2019-0001", nvdref_id: md5("e") }],
	vuln_vuln_products: [
		{ id: 1, vuln_id: "JVNDB-2019-001234", product_id: md5("a") },
		{ id: 2, vuln_id: "190001", product_id: md5("a") },
	],
	vuln_vuln_vendors: [{ id: 1, vuln_id: "JVNDB-2019-001234", vendor_id: md5("b") }],
	vuln_vuln_references: [{ id: 1, vuln_id: "JVNDB-2019-001234", reference_id: md5("c") }],
	vuln_vuln_tags: [{ id: 1, vuln_id: "190001", tag_id: 3 }],
	vuln_vuln_cvsses: [{ id: 1, vuln_id: "JVNDB-2019-001234", cvss_id: md5("d") }],
	vuln_vuln_nvds: [{ id: 1, vuln_id: "JVNDB-2019-001234", nvd_id: "CVE-2019-0001" }],
	vuln_vuln_authors: [{ id: 1, vuln_id: "190001", author_id: "7" }],
};

/** Rows by table, all of the original's. */
export const SEED_ROWS: Readonly<Record<string, readonly Row[]>> = { reputation_blacklist: REPUTATION, exploit_exploit: EXPLOIT, twitter_tweet: TWEETS, news_news: NEWS, ...THREAT, ...VULN };

export interface DumpOptions {
	/** with column lists, as `--complete-insert` writes them; in another order than the table's */
	listed?: boolean;
	/** further rows, by table */
	more?: Readonly<Record<string, readonly Row[]>>;
	/** tables that are written; all where nothing is said */
	only?: readonly string[];
}

/** The dump's text. */
export function seedDump({ listed = false, more = {}, only }: DumpOptions = {}): string {
	const parts = ["-- MySQL dump 10.13  Distrib 5.7.25, for Linux (x86_64)\n/*!40101 SET NAMES utf8mb4 */;\n/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;\n"];
	if (only === undefined) parts.push("CREATE TABLE `auth_user` (`id` int(11) NOT NULL, PRIMARY KEY (`id`));\nINSERT INTO `auth_user` VALUES (1);\n");
	for (const name of Object.keys(SEED_TABLES).sort()) {
		if (only !== undefined && !only.includes(name)) continue;
		const { columns } = SEED_TABLES[name] as (typeof SEED_TABLES)[string];
		const order = listed ? [...columns].reverse() : columns;
		const rows = [...(SEED_ROWS[name] ?? []), ...(more[name] ?? [])];
		parts.push(createTable(name), `LOCK TABLES \`${name}\` WRITE;\n`);
		const tuples = rows.map((row) => `(${order.map((column) => literal(row[column] ?? null)).join(",")})`);
		if (tuples.length > 0) parts.push(`INSERT INTO \`${name}\` ${listed ? `(${order.map((column) => `\`${column}\``).join(", ")}) ` : ""}VALUES ${tuples.join(",")};\n`);
		parts.push("UNLOCK TABLES;\n");
	}
	parts.push("-- Dump completed on 2019-06-23  1:02:03\n");
	return parts.join("");
}
