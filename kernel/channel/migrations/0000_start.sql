CREATE TABLE `inbox` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`thread` text NOT NULL,
	`body` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `inbox_id_unique` ON `inbox` (`id`);--> statement-breakpoint
CREATE INDEX `inbox_waiting` ON `inbox` (`seq`) WHERE body IS NOT NULL;--> statement-breakpoint
CREATE TABLE `missed` (
	`thread` text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE `participant` (
	`thread` text NOT NULL,
	`user` text NOT NULL,
	PRIMARY KEY(`thread`, `user`)
);
