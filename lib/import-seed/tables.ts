/**
 * The original's tables, as its Django models make them in MySQL: names and columns are facts of its releases of 2019. Foreign
 * keys end in `_id` (a key called `object_id` becomes `object_id_id`), UUIDs are 32 hex, booleans 0 or 1.
 */

export interface SeedTable {
	/** unique within the table; a later row with the same key replaces the earlier one */
	key: string;
	columns: readonly string[];
	/** columns that rows are looked up by */
	indexes?: readonly string[];
	tracker: "reputation" | "exploit" | "threat" | "twitter" | "news" | "vuln";
	/** the table whose rows are records; the others are parts of those */
	record?: boolean;
}

const THREAT = { tracker: "threat", key: "id" } as const;
const VULN = { tracker: "vuln", key: "id" } as const;

function link(tracker: "threat" | "vuln", from: string, to: string): SeedTable {
	return { tracker, key: "id", columns: ["id", from, to], indexes: [from] };
}

export const SEED_TABLES: Readonly<Record<string, SeedTable>> = {
	reputation_blacklist: { tracker: "reputation", record: true, key: "id", columns: ["id", "ip", "domain", "url", "source", "description", "referrer", "countrycode", "datetime"] },
	exploit_exploit: { tracker: "exploit", record: true, key: "id", columns: ["id", "title", "description", "datetime", "referrer", "text", "source"] },
	twitter_tweet: { tracker: "twitter", record: true, key: "id", columns: ["id", "datetime", "user", "screen_name", "text"] },
	news_news: { tracker: "news", record: true, key: "id", columns: ["id", "title", "datetime", "referrer", "content", "source_title", "source_url"] },
	threat_org: { ...THREAT, columns: ["id", "name", "uuid"] },
	threat_tag: { ...THREAT, columns: ["id", "name", "colour", "exportable", "hide_tag"] },
	threat_event: {
		...THREAT,
		record: true,
		columns: [
			"id",
			"org_id",
			"orgc_id",
			"date",
			"threat_level_id",
			"info",
			"published",
			"uuid",
			"attribute_count",
			"analysis",
			"timestamp",
			"distribution",
			"proposal_email_lock",
			"locked",
			"publish_timestamp",
			"sharing_group_id",
			"disable_correlation",
			"event_creator_email",
		],
	},
	threat_attribute: {
		...THREAT,
		columns: [
			"id",
			"type",
			"category",
			"to_ids",
			"uuid",
			"event_id",
			"distribution",
			"timestamp",
			"comment",
			"sharing_group_id",
			"deleted",
			"disable_correlation",
			"object_id_id",
			"object_relation",
			"value",
		],
		indexes: ["event_id"],
	},
	threat_object: {
		...THREAT,
		columns: ["id", "name", "meta_category", "description", "template_uuid", "template_version", "event_id", "uuid", "timestamp", "distribution", "sharing_group_id", "comment", "deleted"],
		indexes: ["event_id"],
	},
	threat_objectreference: {
		...THREAT,
		columns: ["id", "uuid", "timestamp", "object_id_id", "event_id", "referenced_id", "referenced_type", "relationship_type", "comment", "deleted", "object_uuid", "referenced_uuid"],
		indexes: ["event_id"],
	},
	threat_event_tags: link("threat", "event_id", "tag_id"),
	threat_event_relatedevents: link("threat", "from_event_id", "to_event_id"),
	threat_attribute_tags: link("threat", "attribute_id", "tag_id"),
	threat_object_attributes: { ...link("threat", "object_id", "attribute_id"), indexes: ["object_id", "attribute_id"] },
	threat_object_objectreferences: link("threat", "object_id", "objectreference_id"),
	vuln_vuln: {
		...VULN,
		record: true,
		columns: [
			"id",
			"title",
			"t_description",
			"description",
			"impact",
			"vulndb_published_date",
			"vulndb_last_modified",
			"discovery_date",
			"disclosure_date",
			"exploit_publish_date",
			"vendor_informed_date",
			"vendor_ack_date",
			"solution",
			"solution_date",
			"third_party_solution_date",
			"source",
			"manual_notes",
			"keywords",
			"link",
		],
	},
	vuln_product: { ...VULN, columns: ["id", "name"] },
	vuln_vendor: { ...VULN, columns: ["id", "name"] },
	vuln_author: { ...VULN, columns: ["id", "name"] },
	vuln_reference: { ...VULN, columns: ["id", "reftype", "value", "url"] },
	vuln_tag: { ...VULN, columns: ["id", "name", "description", "longname"] },
	vuln_cvss: {
		...VULN,
		columns: [
			"id",
			"version",
			"vector",
			"access_vector",
			"access_complexity",
			"authentication",
			"confidentiality_impact",
			"integrity_impact",
			"availability_impact",
			"score",
			"calculated_cvss_base_score",
			"cve_id",
			"source",
			"generated_on",
		],
	},
	vuln_nvd: {
		...VULN,
		columns: [
			"id",
			"cwe_id",
			"cvss_access_complexity",
			"cvss_availability_impact",
			"cvss_confidentiality_impact",
			"cvss_access_vector",
			"cvss_authentication",
			"cvss_integrity_impact",
			"cvss_score",
			"summary",
		],
	},
	vuln_nvdref: { ...VULN, columns: ["id", "url", "source", "name"] },
	vuln_nvd_references: link("vuln", "nvd_id", "nvdref_id"),
	vuln_vuln_products: link("vuln", "vuln_id", "product_id"),
	vuln_vuln_vendors: link("vuln", "vuln_id", "vendor_id"),
	vuln_vuln_references: link("vuln", "vuln_id", "reference_id"),
	vuln_vuln_tags: link("vuln", "vuln_id", "tag_id"),
	vuln_vuln_cvsses: link("vuln", "vuln_id", "cvss_id"),
	vuln_vuln_nvds: link("vuln", "vuln_id", "nvd_id"),
	vuln_vuln_authors: link("vuln", "vuln_id", "author_id"),
};

/** Tables that every Django installation has, and the original's own that hold settings and look-ups rather than intelligence. */
const NOT_RECORDS = /^(?:auth_|django_|sessions?_|celery_|url_|domain_|ip_|filehash_|dashboard_)/;

/** Why a table is not imported: words for the report; null where it is one of the above. */
export function whyNot(table: string): string | null {
	if (SEED_TABLES[table] !== undefined) return null;
	if (NOT_RECORDS.test(table)) return "it holds settings or caches of the original, no intelligence";
	if (/_hunter_/.test(table)) return "hunters are set up anew here";
	return "it is no table of the original that is known";
}
