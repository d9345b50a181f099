CREATE TABLE `capture` (
	`id` binary(16) NOT NULL,
	`indicator_id` binary(16) NOT NULL,
	`url` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`host` varchar(255) character set ascii collate ascii_bin NOT NULL,
	`profile` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`state` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`outcome` varchar(16) character set ascii collate ascii_bin,
	`reason` varchar(500) character set utf8mb4 collate utf8mb4_bin,
	`status` int,
	`requested_by` varchar(254) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`requested_at` datetime(3) NOT NULL,
	`started_at` datetime(3),
	`finished_at` datetime(3),
	`lease_until` datetime(3),
	`expires_at` datetime(3) NOT NULL,
	`fence` int NOT NULL DEFAULT 0,
	`previous` binary(16),
	`content_sha256` binary(32),
	`title` varchar(1000) character set utf8mb4 collate utf8mb4_bin,
	`final_url` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`result` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`pinned_by` varchar(254) character set utf8mb4 collate utf8mb4_bin,
	CONSTRAINT `capture_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `capture_claim` (
	`indicator_id` binary(16) NOT NULL,
	`profile` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`capture_id` binary(16) NOT NULL,
	`claimed_at` datetime(3) NOT NULL,
	CONSTRAINT `capture_claim_indicator_id_profile_pk` PRIMARY KEY(`indicator_id`,`profile`)
);
--> statement-breakpoint
CREATE TABLE `capture_part` (
	`capture_id` binary(16) NOT NULL,
	`kind` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`number` int NOT NULL,
	`piece` int NOT NULL,
	`fence` int NOT NULL,
	`media_type` varchar(128) character set ascii collate ascii_bin NOT NULL,
	`coding` varchar(8) character set ascii collate ascii_bin NOT NULL,
	`size` int NOT NULL,
	`pieces` int NOT NULL,
	`bytes` mediumblob NOT NULL,
	CONSTRAINT `capture_part_capture_id_kind_number_fence_piece_pk` PRIMARY KEY(`capture_id`,`kind`,`number`,`fence`,`piece`)
);
--> statement-breakpoint
CREATE INDEX `capture_url` ON `capture` (`indicator_id`,`profile`,`requested_at`);--> statement-breakpoint
CREATE INDEX `capture_host` ON `capture` (`host`,`requested_at`,`id`);--> statement-breakpoint
CREATE INDEX `capture_requested` ON `capture` (`requested_at`,`id`);--> statement-breakpoint
CREATE INDEX `capture_expires` ON `capture` (`expires_at`);--> statement-breakpoint
CREATE INDEX `capture_state` ON `capture` (`state`,`requested_at`);--> statement-breakpoint
CREATE INDEX `capture_claim_at` ON `capture_claim` (`claimed_at`);