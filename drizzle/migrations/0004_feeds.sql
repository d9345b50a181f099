CREATE TABLE `custom_feed` (
	`number` int NOT NULL,
	`name` varchar(100) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`tracker` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`url` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`config` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`sealed` mediumblob,
	`revision` int NOT NULL,
	`created_by` varchar(254) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `custom_feed_number` PRIMARY KEY(`number`)
);
--> statement-breakpoint
ALTER TABLE `source_state` ADD `name` varchar(200) character set utf8mb4 collate utf8mb4_bin;--> statement-breakpoint
CREATE INDEX `custom_feed_updated` ON `custom_feed` (`updated_at`);