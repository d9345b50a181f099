CREATE TABLE `news` (
	`id` binary(16) NOT NULL,
	`source` int NOT NULL,
	`guid` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`title` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`published_at` datetime(3) NOT NULL,
	`is_dated` boolean NOT NULL,
	`link` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`content` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`author` varchar(255) character set utf8mb4 collate utf8mb4_bin,
	`categories` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`source_title` varchar(500) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`source_url` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`link_key` binary(16),
	`title_key` binary(16),
	`story` binary(16) NOT NULL,
	`is_lead` boolean NOT NULL,
	`digest` binary(8) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `news_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `tweet` (
	`id` binary(16) NOT NULL,
	`source` int NOT NULL,
	`tweet_id` varchar(20) character set ascii collate ascii_bin NOT NULL,
	`text` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`published_at` datetime(3) NOT NULL,
	`user` varchar(200) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`screen_name` varchar(50) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`user_id` varchar(20) character set ascii collate ascii_bin NOT NULL,
	`links` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`language` varchar(10) character set ascii collate ascii_bin,
	`refers_to` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`counts` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`followed` mediumtext character set utf8mb4 collate utf8mb4_bin,
	`digest` binary(8) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `tweet_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE INDEX `news_published` ON `news` (`published_at`,`id`);--> statement-breakpoint
CREATE INDEX `news_lead` ON `news` (`is_lead`,`published_at`,`id`);--> statement-breakpoint
CREATE INDEX `news_source` ON `news` (`source`,`published_at`);--> statement-breakpoint
CREATE INDEX `news_link` ON `news` (`link_key`);--> statement-breakpoint
CREATE INDEX `news_title` ON `news` (`title_key`,`published_at`);--> statement-breakpoint
CREATE INDEX `news_story` ON `news` (`story`);--> statement-breakpoint
CREATE INDEX `tweet_published` ON `tweet` (`published_at`,`id`);--> statement-breakpoint
CREATE INDEX `tweet_source` ON `tweet` (`source`,`published_at`);--> statement-breakpoint
CREATE INDEX `tweet_screen_name` ON `tweet` (`screen_name`,`published_at`);