DROP INDEX `indicator_host` ON `indicator`;--> statement-breakpoint
DROP INDEX `sighting_indicator` ON `sighting`;--> statement-breakpoint
ALTER TABLE `sighting` MODIFY COLUMN `ports` mediumtext character set ascii collate ascii_bin;--> statement-breakpoint
CREATE INDEX `indicator_host` ON `indicator` (`host_key`,`type`);--> statement-breakpoint
CREATE INDEX `sighting_indicator` ON `sighting` (`indicator_id`,`seen_at`);