CREATE TABLE `epss` (
	`indicator_id` binary(16) NOT NULL,
	`score` double NOT NULL,
	`percentile` double,
	`day` date NOT NULL,
	CONSTRAINT `epss_indicator_id` PRIMARY KEY(`indicator_id`)
);
--> statement-breakpoint
CREATE TABLE `vuln` (
	`id` binary(16) NOT NULL,
	`source` int NOT NULL,
	`name` varchar(64) character set ascii collate ascii_bin NOT NULL,
	`cve_id` binary(16),
	`kev_id` binary(16),
	`title` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`description` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`translated` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`language` varchar(8) character set ascii collate ascii_bin,
	`published_at` datetime(3) NOT NULL,
	`modified_at` datetime(3) NOT NULL,
	`link` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`solution` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`status` varchar(64) character set utf8mb4 collate utf8mb4_bin,
	`score_tenths` tinyint,
	`severity` varchar(12) character set ascii collate ascii_bin,
	`exploited_on` date,
	`exploited` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`rejected` boolean NOT NULL,
	`cves` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`cwes` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`cvss` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`products` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`refs` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`tags` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`cut` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`digest` binary(8) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `vuln_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `vuln_facet` (
	`kind` varchar(8) character set ascii collate ascii_bin NOT NULL,
	`value` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`vuln_id` binary(16) NOT NULL,
	CONSTRAINT `vuln_facet_kind_value_vuln_id_pk` PRIMARY KEY(`kind`,`value`,`vuln_id`)
);
--> statement-breakpoint
CREATE INDEX `epss_score` ON `epss` (`score`);--> statement-breakpoint
CREATE INDEX `vuln_modified` ON `vuln` (`modified_at`,`id`);--> statement-breakpoint
CREATE INDEX `vuln_published` ON `vuln` (`published_at`);--> statement-breakpoint
CREATE INDEX `vuln_source` ON `vuln` (`source`,`published_at`);--> statement-breakpoint
CREATE INDEX `vuln_cve` ON `vuln` (`cve_id`);--> statement-breakpoint
CREATE INDEX `vuln_kev` ON `vuln` (`kev_id`);--> statement-breakpoint
CREATE INDEX `vuln_score` ON `vuln` (`score_tenths`,`modified_at`);--> statement-breakpoint
CREATE INDEX `vuln_severity` ON `vuln` (`severity`,`modified_at`);--> statement-breakpoint
CREATE INDEX `vuln_exploited` ON `vuln` (`exploited_on`);--> statement-breakpoint
CREATE INDEX `vuln_facet_vuln` ON `vuln_facet` (`vuln_id`);