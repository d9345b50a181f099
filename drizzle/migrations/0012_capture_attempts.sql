CREATE TABLE `capture_claim` (
	`indicator_id` binary(16) NOT NULL,
	`profile` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`capture_id` binary(16) NOT NULL,
	`claimed_at` datetime(3) NOT NULL,
	CONSTRAINT `capture_claim_indicator_id_profile_pk` PRIMARY KEY(`indicator_id`,`profile`)
);
--> statement-breakpoint
DROP INDEX `capture_requested` ON `capture`;--> statement-breakpoint
ALTER TABLE `capture` ADD `host` varchar(255) character set ascii collate ascii_bin NOT NULL;--> statement-breakpoint
ALTER TABLE `capture` ADD `reason` varchar(500) character set utf8mb4 collate utf8mb4_bin;--> statement-breakpoint
ALTER TABLE `capture` ADD `status` int;--> statement-breakpoint
ALTER TABLE `capture` ADD `lease_until` datetime(3);--> statement-breakpoint
ALTER TABLE `capture` ADD `pinned_by` varchar(254) character set utf8mb4 collate utf8mb4_bin;--> statement-breakpoint
ALTER TABLE `capture_part` ADD `coding` varchar(8) character set ascii collate ascii_bin NOT NULL;--> statement-breakpoint
ALTER TABLE `capture_part` ADD `size` int NOT NULL;--> statement-breakpoint
ALTER TABLE `capture_part` ADD `pieces` int NOT NULL;--> statement-breakpoint
CREATE INDEX `capture_claim_at` ON `capture_claim` (`claimed_at`);--> statement-breakpoint
CREATE INDEX `capture_host` ON `capture` (`host`,`requested_at`,`id`);--> statement-breakpoint
CREATE INDEX `capture_requested` ON `capture` (`requested_at`,`id`);--> statement-breakpoint
ALTER TABLE `capture` DROP COLUMN `pinned`;