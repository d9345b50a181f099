ALTER TABLE `hunter_hit` ADD `story` binary(16);--> statement-breakpoint
CREATE INDEX `hunter_hit_story` ON `hunter_hit` (`hunter_id`,`story`);