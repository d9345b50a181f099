CREATE TABLE `former_id` (
	`tracker` varchar(16) character set ascii collate ascii_bin NOT NULL,
	`old_id` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`record_id` binary(16) NOT NULL,
	CONSTRAINT `former_id_tracker_old_id_pk` PRIMARY KEY(`tracker`,`old_id`)
);
--> statement-breakpoint
CREATE INDEX `former_id_record` ON `former_id` (`record_id`);