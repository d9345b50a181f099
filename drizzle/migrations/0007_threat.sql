CREATE TABLE `threat_attribute` (
	`event_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`number` bigint NOT NULL,
	`object_id` binary(16),
	`type` varchar(100) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`category` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`value` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`value_key` binary(8) NOT NULL,
	`comment` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`to_ids` boolean NOT NULL,
	`relation` varchar(255) character set utf8mb4 collate utf8mb4_bin,
	`modified_at` datetime(3) NOT NULL,
	`first_seen` datetime(3),
	`last_seen` datetime(3),
	`tags` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`deleted` boolean NOT NULL,
	`digest` binary(8) NOT NULL,
	CONSTRAINT `threat_attribute_event_id_id_pk` PRIMARY KEY(`event_id`,`id`)
);
--> statement-breakpoint
CREATE TABLE `threat_attribute_text` (
	`event_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`text` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`grams` mediumtext character set ascii collate ascii_bin NOT NULL,
	CONSTRAINT `threat_attribute_text_event_id_id_pk` PRIMARY KEY(`event_id`,`id`)
);
--> statement-breakpoint
CREATE TABLE `threat_event` (
	`id` binary(16) NOT NULL,
	`number` bigint NOT NULL,
	`uuid` varchar(36) character set ascii collate ascii_bin NOT NULL,
	`source` int NOT NULL,
	`info` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`day` date NOT NULL,
	`level` tinyint NOT NULL,
	`analysis` tinyint NOT NULL,
	`published` boolean NOT NULL,
	`published_at` datetime(3) NOT NULL,
	`modified_at` datetime(3) NOT NULL,
	`org_id` binary(16),
	`orgc_id` binary(16),
	`org` varchar(255) character set utf8mb4 collate utf8mb4_bin,
	`orgc` varchar(255) character set utf8mb4 collate utf8mb4_bin,
	`tags` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`galaxies` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`related` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`attribute_count` int NOT NULL,
	`object_count` int NOT NULL,
	`deleted_at` datetime(3),
	`digest` binary(8) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `threat_event_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `threat_event_tag` (
	`tag_id` binary(16) NOT NULL,
	`event_id` binary(16) NOT NULL,
	`published_at` datetime(3) NOT NULL,
	CONSTRAINT `threat_event_tag_tag_id_event_id_pk` PRIMARY KEY(`tag_id`,`event_id`)
);
--> statement-breakpoint
CREATE TABLE `threat_object` (
	`event_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`number` bigint NOT NULL,
	`name` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`meta_category` varchar(255) character set utf8mb4 collate utf8mb4_bin,
	`description` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`comment` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`modified_at` datetime(3) NOT NULL,
	`deleted` boolean NOT NULL,
	`digest` binary(8) NOT NULL,
	CONSTRAINT `threat_object_event_id_id_pk` PRIMARY KEY(`event_id`,`id`)
);
--> statement-breakpoint
CREATE TABLE `threat_org` (
	`id` binary(16) NOT NULL,
	`uuid` varchar(36) character set ascii collate ascii_bin,
	`name` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	CONSTRAINT `threat_org_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `threat_reference` (
	`event_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`object_id` binary(16) NOT NULL,
	`to_id` binary(16) NOT NULL,
	`relationship` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`comment` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`deleted` boolean NOT NULL,
	`digest` binary(8) NOT NULL,
	CONSTRAINT `threat_reference_event_id_id_pk` PRIMARY KEY(`event_id`,`id`)
);
--> statement-breakpoint
CREATE TABLE `threat_tag` (
	`id` binary(16) NOT NULL,
	`name` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`colour` varchar(7) character set ascii collate ascii_bin,
	CONSTRAINT `threat_tag_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE INDEX `threat_attribute_id` ON `threat_attribute` (`id`);--> statement-breakpoint
CREATE INDEX `threat_attribute_number` ON `threat_attribute` (`number`);--> statement-breakpoint
CREATE INDEX `threat_attribute_group` ON `threat_attribute` (`event_id`,`deleted`,`category`,`type`,`id`);--> statement-breakpoint
CREATE INDEX `threat_attribute_modified` ON `threat_attribute` (`deleted`,`modified_at`,`id`);--> statement-breakpoint
CREATE INDEX `threat_attribute_type` ON `threat_attribute` (`type`,`deleted`,`modified_at`,`id`);--> statement-breakpoint
CREATE INDEX `threat_attribute_object` ON `threat_attribute` (`event_id`,`object_id`);--> statement-breakpoint
CREATE INDEX `threat_attribute_value` ON `threat_attribute` (`value_key`);--> statement-breakpoint
CREATE INDEX `threat_event_number` ON `threat_event` (`number`);--> statement-breakpoint
CREATE INDEX `threat_event_published` ON `threat_event` (`published_at`,`id`);--> statement-breakpoint
CREATE INDEX `threat_event_modified` ON `threat_event` (`modified_at`,`id`);--> statement-breakpoint
CREATE INDEX `threat_event_level` ON `threat_event` (`level`,`published_at`,`id`);--> statement-breakpoint
CREATE INDEX `threat_event_orgc` ON `threat_event` (`orgc_id`,`published_at`,`id`);--> statement-breakpoint
CREATE INDEX `threat_event_source` ON `threat_event` (`source`,`published_at`,`id`);--> statement-breakpoint
CREATE INDEX `threat_event_attributes` ON `threat_event` (`deleted_at`,`attribute_count`);--> statement-breakpoint
CREATE INDEX `threat_event_tag_event` ON `threat_event_tag` (`event_id`);--> statement-breakpoint
CREATE INDEX `threat_event_tag_published` ON `threat_event_tag` (`tag_id`,`published_at`,`event_id`);--> statement-breakpoint
CREATE INDEX `threat_reference_object` ON `threat_reference` (`event_id`,`object_id`);--> statement-breakpoint
CREATE FULLTEXT INDEX `threat_attribute_text_grams` ON `threat_attribute_text` (`grams`);