CREATE TABLE `daily_count` (
	`tracker` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`source` int NOT NULL,
	`day` date NOT NULL,
	`records` int NOT NULL,
	`indicators` int NOT NULL,
	CONSTRAINT `daily_count_tracker_source_day_pk` PRIMARY KEY(`tracker`,`source`,`day`)
);
--> statement-breakpoint
CREATE TABLE `hash_sibling` (
	`indicator_id` binary(16) NOT NULL,
	`sibling_id` binary(16) NOT NULL,
	CONSTRAINT `hash_sibling_indicator_id_sibling_id_pk` PRIMARY KEY(`indicator_id`,`sibling_id`)
);
--> statement-breakpoint
CREATE TABLE `indicator` (
	`id` binary(16) NOT NULL,
	`type` tinyint NOT NULL,
	`value` varchar(8192) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`host_key` varchar(255) character set ascii collate ascii_bin,
	`ip_from` binary(16),
	`ip_to` binary(16),
	`warning` varchar(64) character set ascii collate ascii_bin,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `indicator_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `presence` (
	`indicator_id` binary(16) NOT NULL,
	`source` int NOT NULL,
	`from_at` datetime(3) NOT NULL,
	`to_at` datetime(3) NOT NULL,
	CONSTRAINT `presence_indicator_id_source_from_at_pk` PRIMARY KEY(`indicator_id`,`source`,`from_at`)
);
--> statement-breakpoint
CREATE TABLE `search_text` (
	`indicator_id` binary(16) NOT NULL,
	`text` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`grams` mediumtext character set ascii collate ascii_bin NOT NULL,
	CONSTRAINT `search_text_indicator_id` PRIMARY KEY(`indicator_id`)
);
--> statement-breakpoint
CREATE TABLE `sighting` (
	`id` binary(16) NOT NULL,
	`indicator_id` binary(16) NOT NULL,
	`source` int NOT NULL,
	`type` tinyint NOT NULL,
	`seen_at` datetime(3) NOT NULL,
	`feed_last` datetime(3),
	`observed_at` datetime(3) NOT NULL,
	`present` boolean NOT NULL,
	`listed` boolean NOT NULL,
	`present_since` datetime(3) NOT NULL,
	`left_at` datetime(3),
	`category` varchar(24) character set ascii collate ascii_bin NOT NULL,
	`country` varchar(2) character set ascii collate ascii_bin,
	`ports` varchar(1024) character set ascii collate ascii_bin,
	`description` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`referrer` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`tags` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`confidence` tinyint,
	`digest` binary(8) NOT NULL,
	CONSTRAINT `sighting_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `account` (
	`provider` varchar(32) character set ascii collate ascii_bin NOT NULL,
	`provider_account_id` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`user_id` binary(16) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `account_provider_provider_account_id_pk` PRIMARY KEY(`provider`,`provider_account_id`)
);
--> statement-breakpoint
CREATE TABLE `api_key` (
	`id` binary(16) NOT NULL,
	`user_id` binary(16) NOT NULL,
	`name` varchar(100) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`prefix` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`secret_hash` binary(32) NOT NULL,
	`scopes` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`expires_at` datetime(3),
	`last_used_at` datetime(3),
	`revoked_at` datetime(3),
	CONSTRAINT `api_key_id` PRIMARY KEY(`id`),
	CONSTRAINT `api_key_secret` UNIQUE(`secret_hash`)
);
--> statement-breakpoint
CREATE TABLE `audit_entry` (
	`id` binary(16) NOT NULL,
	`at` datetime(3) NOT NULL,
	`actor` varchar(254) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`action` varchar(64) character set ascii collate ascii_bin NOT NULL,
	`subject` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`detail` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`note` mediumtext character set utf8mb4 collate utf8mb4_bin,
	CONSTRAINT `audit_entry_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `user` (
	`id` binary(16) NOT NULL,
	`email` varchar(254) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`name` varchar(200) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`role` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`password_hash` varchar(255) character set ascii collate ascii_bin,
	`session_version` int NOT NULL,
	`disabled_at` datetime(3),
	`created_at` datetime(3) NOT NULL,
	`last_sign_in_at` datetime(3),
	CONSTRAINT `user_id` PRIMARY KEY(`id`),
	CONSTRAINT `user_email` UNIQUE(`email`)
);
--> statement-breakpoint
CREATE TABLE `run_block` (
	`run` binary(16) NOT NULL,
	`seq` int NOT NULL,
	`row_count` int NOT NULL,
	`ids` mediumblob NOT NULL,
	`data` mediumblob NOT NULL,
	`changed` mediumblob,
	CONSTRAINT `run_block_run_seq_pk` PRIMARY KEY(`run`,`seq`)
);
--> statement-breakpoint
CREATE TABLE `set_aside` (
	`run` binary(16) NOT NULL,
	`seq` int NOT NULL,
	`source` int NOT NULL,
	`line` int NOT NULL,
	`reason` varchar(500) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`excerpt` varchar(500) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	CONSTRAINT `set_aside_run_seq_pk` PRIMARY KEY(`run`,`seq`)
);
--> statement-breakpoint
CREATE TABLE `setting` (
	`name` varchar(64) character set ascii collate ascii_bin NOT NULL,
	`value` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `setting_name` PRIMARY KEY(`name`)
);
--> statement-breakpoint
CREATE TABLE `source_day` (
	`source` int NOT NULL,
	`day` varchar(10) character set ascii collate ascii_bin NOT NULL,
	`worst` tinyint NOT NULL,
	`runs` int NOT NULL,
	`rows_new` int NOT NULL,
	CONSTRAINT `source_day_source_day_pk` PRIMARY KEY(`source`,`day`)
);
--> statement-breakpoint
CREATE TABLE `source_run` (
	`id` binary(16) NOT NULL,
	`source` int NOT NULL,
	`trigger` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`started_at` datetime(3) NOT NULL,
	`finished_at` datetime(3),
	`state` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`phase` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`cursor` int NOT NULL,
	`blocks` int NOT NULL,
	`fence` int NOT NULL,
	`http_status` int,
	`bytes` bigint NOT NULL,
	`rows_read` int NOT NULL,
	`rows_new` int NOT NULL,
	`rows_updated` int NOT NULL,
	`rows_unchanged` int NOT NULL,
	`rows_relisted` int NOT NULL,
	`rows_delisted` int NOT NULL,
	`rows_duplicate` int NOT NULL,
	`rows_set_aside` int NOT NULL,
	`shape` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`outcome` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`reason` mediumtext character set utf8mb4 collate utf8mb4_bin,
	CONSTRAINT `source_run_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `source_state` (
	`source` int NOT NULL,
	`slug` varchar(64) character set ascii collate ascii_bin NOT NULL,
	`enabled` boolean NOT NULL,
	`state` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`reason` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`failures` int NOT NULL,
	`last_run_at` datetime(3),
	`last_ok_at` datetime(3),
	`last_change_at` datetime(3),
	`next_run_at` datetime(3),
	`etag` varchar(512) character set utf8mb4 collate utf8mb4_bin,
	`last_modified` varchar(128) character set utf8mb4 collate utf8mb4_bin,
	`body_digest` binary(32),
	`present_count` int NOT NULL,
	`sighting_count` int NOT NULL,
	`lease_run` binary(16),
	`lease_until` datetime(3),
	`held_run` binary(16),
	CONSTRAINT `source_state_source` PRIMARY KEY(`source`)
);
--> statement-breakpoint
CREATE INDEX `indicator_host` ON `indicator` (`host_key`);--> statement-breakpoint
CREATE INDEX `indicator_ip` ON `indicator` (`ip_from`);--> statement-breakpoint
CREATE INDEX `sighting_indicator` ON `sighting` (`indicator_id`);--> statement-breakpoint
CREATE INDEX `sighting_seen` ON `sighting` (`seen_at`);--> statement-breakpoint
CREATE INDEX `sighting_source` ON `sighting` (`source`,`seen_at`,`present`);--> statement-breakpoint
CREATE INDEX `account_user` ON `account` (`user_id`);--> statement-breakpoint
CREATE INDEX `api_key_user` ON `api_key` (`user_id`);--> statement-breakpoint
CREATE INDEX `audit_at` ON `audit_entry` (`at`);--> statement-breakpoint
CREATE INDEX `source_run_source` ON `source_run` (`source`,`started_at`);--> statement-breakpoint
CREATE INDEX `source_run_started` ON `source_run` (`started_at`);