CREATE TABLE `exploit` (
	`id` binary(16) NOT NULL,
	`source` int NOT NULL,
	`external_id` varchar(512) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`title` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`description` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`published_at` datetime(3) NOT NULL,
	`link` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`text` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`author` varchar(255) character set utf8mb4 collate utf8mb4_bin,
	`platform` varchar(64) character set utf8mb4 collate utf8mb4_bin,
	`kind` varchar(64) character set utf8mb4 collate utf8mb4_bin,
	`port` int,
	`verified` boolean,
	`cves` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`tags` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`extra` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`digest` binary(8) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `exploit_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `mention` (
	`indicator_id` binary(16) NOT NULL,
	`tracker` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`record_id` binary(16) NOT NULL,
	`part` binary(16) NOT NULL,
	`source` int NOT NULL,
	`at` datetime(3) NOT NULL,
	`place` varchar(32) character set ascii collate ascii_bin NOT NULL,
	`mark` varchar(64) character set ascii collate ascii_bin,
	CONSTRAINT `mention_indicator_id_tracker_record_id_part_pk` PRIMARY KEY(`indicator_id`,`tracker`,`record_id`,`part`)
);
--> statement-breakpoint
CREATE TABLE `record_text` (
	`record_id` binary(16) NOT NULL,
	`tracker` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`at` datetime(3) NOT NULL,
	`text` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`grams` mediumtext character set ascii collate ascii_bin NOT NULL,
	CONSTRAINT `record_text_record_id` PRIMARY KEY(`record_id`)
);
--> statement-breakpoint
ALTER TABLE `source_state` ADD `mark` mediumtext character set utf8mb4 collate utf8mb4_bin;--> statement-breakpoint
ALTER TABLE `source_state` ADD `limits` mediumtext character set utf8mb4 collate utf8mb4_bin;--> statement-breakpoint
CREATE INDEX `exploit_published` ON `exploit` (`published_at`,`id`);--> statement-breakpoint
CREATE INDEX `exploit_source` ON `exploit` (`source`,`published_at`);--> statement-breakpoint
CREATE INDEX `exploit_platform` ON `exploit` (`platform`,`published_at`);--> statement-breakpoint
CREATE INDEX `mention_record` ON `mention` (`record_id`,`tracker`);--> statement-breakpoint
CREATE INDEX `mention_at` ON `mention` (`indicator_id`,`at`);--> statement-breakpoint
CREATE INDEX `record_text_at` ON `record_text` (`tracker`,`at`);--> statement-breakpoint
CREATE FULLTEXT INDEX `record_text_grams` ON `record_text` (`grams`);