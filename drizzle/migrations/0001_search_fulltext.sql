-- "Contains" search: trigrams of each value as hex words. Drizzle has no builder for FULLTEXT, so it is written here.
CREATE FULLTEXT INDEX `search_text_grams` ON `search_text` (`grams`);
