CREATE TABLE `sync_base` (
	`box` text NOT NULL,
	`rel` text NOT NULL,
	`etag` text NOT NULL,
	`sha256` text NOT NULL,
	`size_bytes` integer NOT NULL,
	`changed_at` integer,
	`seen_at` integer NOT NULL,
	PRIMARY KEY(`box`, `rel`)
);
--> statement-breakpoint
CREATE TABLE `sync_box` (
	`box` text PRIMARY KEY NOT NULL,
	`mark` text NOT NULL,
	`since` integer NOT NULL
);
