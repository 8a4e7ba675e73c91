CREATE TABLE `file` (
	`path` text PRIMARY KEY NOT NULL,
	`size_bytes` integer NOT NULL,
	`media_type` text NOT NULL,
	`sha256` text NOT NULL,
	`version` integer NOT NULL,
	`etag` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `file_pending` (
	`path` text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE `file_version` (
	`path` text NOT NULL,
	`n` integer NOT NULL,
	`sha256` text NOT NULL,
	`size_bytes` integer NOT NULL,
	`media_type` text NOT NULL,
	`author` text NOT NULL,
	`at` integer NOT NULL,
	`thread` text,
	`turn` text,
	`tombstone` integer DEFAULT false NOT NULL,
	PRIMARY KEY(`path`, `n`),
	CONSTRAINT "file_version_n" CHECK(n > 0)
);
