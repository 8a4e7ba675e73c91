CREATE TABLE `installation` (
	`id` integer PRIMARY KEY NOT NULL,
	`about` text NOT NULL,
	`access` text NOT NULL,
	`refresh` text,
	`expires_at` integer,
	`installed_at` integer NOT NULL,
	`renewed_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `organisation` (
	`id` integer PRIMARY KEY NOT NULL,
	`installation` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `spent` (
	`ticket` text PRIMARY KEY NOT NULL,
	`until` integer NOT NULL
);
