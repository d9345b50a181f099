CREATE TABLE `alert` (
	`id` binary(16) NOT NULL,
	`hunter_id` binary(16),
	`kind` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`via` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`target` varchar(80) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`content` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`state` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`reason` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`attempts` int NOT NULL,
	`next_at` datetime(3) NOT NULL,
	`claim` binary(16),
	`claim_until` datetime(3),
	`posted_at` datetime(3),
	`unsure` int NOT NULL DEFAULT 0,
	`told_in` binary(16),
	`channel_id` varchar(40) character set ascii collate ascii_bin,
	`message_ts` varchar(40) character set ascii collate ascii_bin,
	`created_at` datetime(3) NOT NULL,
	`sent_at` datetime(3),
	CONSTRAINT `alert_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `hunter` (
	`id` binary(16) NOT NULL,
	`kind` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`name` varchar(100) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`query` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`enabled` boolean NOT NULL,
	`slack` boolean NOT NULL,
	`channel` varchar(80) character set utf8mb4 collate utf8mb4_bin,
	`webhook` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`webhook_host` varchar(255) character set utf8mb4 collate utf8mb4_bin,
	`digest_over` int NOT NULL,
	`muted_until` datetime(3),
	`revision` int NOT NULL,
	`since` datetime(3) NOT NULL,
	`state` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`reason` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`seen_to` datetime(3) NOT NULL,
	`last_run_at` datetime(3),
	`last_hit_at` datetime(3),
	`hit_count` int NOT NULL,
	`created_by` varchar(320) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `hunter_id` PRIMARY KEY(`id`),
	CONSTRAINT `hunter_name` UNIQUE(`kind`,`name`)
);
--> statement-breakpoint
CREATE TABLE `hunter_arrear` (
	`change_id` binary(16) NOT NULL,
	`hunter_id` binary(16) NOT NULL,
	`attempts` int NOT NULL,
	`reason` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`next_at` datetime(3) NOT NULL,
	CONSTRAINT `hunter_arrear_change_id_hunter_id_pk` PRIMARY KEY(`change_id`,`hunter_id`)
);
--> statement-breakpoint
CREATE TABLE `hunter_hit` (
	`hunter_id` binary(16) NOT NULL,
	`record_id` binary(16) NOT NULL,
	`at` datetime(3) NOT NULL,
	`record_at` datetime(3) NOT NULL,
	`source` int NOT NULL,
	`title` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`path` varchar(500) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`matches` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	CONSTRAINT `hunter_hit_hunter_id_record_id_pk` PRIMARY KEY(`hunter_id`,`record_id`)
);
--> statement-breakpoint
CREATE TABLE `record_change` (
	`id` binary(16) NOT NULL,
	`tracker` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`at` datetime(3) NOT NULL,
	`records` mediumblob NOT NULL,
	`parts` mediumblob,
	`cursor` int NOT NULL,
	`attempts` int NOT NULL,
	`reason` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`next_at` datetime(3) NOT NULL,
	`judged_at` datetime(3),
	CONSTRAINT `record_change_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
ALTER TABLE `source_state` ADD `told_state` varchar(16) character set ascii collate ascii_bin;--> statement-breakpoint
CREATE INDEX `alert_state` ON `alert` (`state`,`next_at`);--> statement-breakpoint
CREATE INDEX `alert_lane` ON `alert` (`via`,`target`,`state`,`created_at`);--> statement-breakpoint
CREATE INDEX `alert_sent` ON `alert` (`via`,`target`,`sent_at`);--> statement-breakpoint
CREATE INDEX `alert_told` ON `alert` (`told_in`);--> statement-breakpoint
CREATE INDEX `alert_hunter` ON `alert` (`hunter_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `alert_created` ON `alert` (`created_at`);--> statement-breakpoint
CREATE INDEX `hunter_kind` ON `hunter` (`kind`,`enabled`);--> statement-breakpoint
CREATE INDEX `hunter_arrear_hunter` ON `hunter_arrear` (`hunter_id`);--> statement-breakpoint
CREATE INDEX `hunter_arrear_next` ON `hunter_arrear` (`next_at`);--> statement-breakpoint
CREATE INDEX `hunter_hit_at` ON `hunter_hit` (`hunter_id`,`at`,`record_id`);--> statement-breakpoint
CREATE INDEX `record_change_due` ON `record_change` (`judged_at`,`tracker`,`at`);