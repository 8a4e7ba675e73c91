-- Made by `npm run migrations`: what all steps together make of an empty object.
CREATE TABLE `delivery` (
	`id` integer PRIMARY KEY NOT NULL,
	`cursor` integer NOT NULL,
	`view` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL
);--> statement-breakpoint
CREATE TABLE `sight` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`turn` text NOT NULL,
	`user` text NOT NULL,
	`path` text NOT NULL,
	`media_type` text NOT NULL
);--> statement-breakpoint
CREATE TABLE `event` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`turn` text NOT NULL,
	`principal` text,
	`type` text NOT NULL,
	`body` text NOT NULL
, `key` text);--> statement-breakpoint
CREATE TABLE `approval` (
	`id` text PRIMARY KEY NOT NULL,
	`turn` text NOT NULL,
	`call` text NOT NULL,
	`tool` text NOT NULL,
	`subject` text NOT NULL,
	`hash` text NOT NULL,
	`card` text NOT NULL,
	`state` text NOT NULL,
	`decided_by` text,
	`decided_at` integer,
	`answer` text
, `press` text);--> statement-breakpoint
CREATE UNIQUE INDEX `approval_call_unique` ON `approval` (`call`);--> statement-breakpoint
CREATE TABLE `turn` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`cause` text NOT NULL,
	`principal` text NOT NULL,
	`principal_name` text NOT NULL,
	`title` text NOT NULL,
	`state` text NOT NULL,
	`stop` integer DEFAULT false NOT NULL,
	`starts` integer DEFAULT 0 NOT NULL,
	`noted` integer DEFAULT false NOT NULL,
	`at` integer NOT NULL,
	`body` text NOT NULL,
	`context` text,
	`missed` integer DEFAULT false NOT NULL
);--> statement-breakpoint
CREATE UNIQUE INDEX `turn_id_unique` ON `turn` (`id`);--> statement-breakpoint
CREATE INDEX `turn_open` ON `turn` (`seq`) WHERE state IN ('queued', 'running');--> statement-breakpoint
CREATE TABLE `step` (
	`turn` integer NOT NULL,
	`n` integer NOT NULL,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`parts` text NOT NULL,
	`finish` text,
	`input_tokens` integer,
	`output_tokens` integer,
	PRIMARY KEY(`turn`, `n`)
) WITHOUT ROWID;--> statement-breakpoint
CREATE TABLE `call` (
	`turn` integer NOT NULL,
	`step` integer NOT NULL,
	`n` integer NOT NULL,
	`id` text NOT NULL,
	`provider_id` text NOT NULL,
	`tool` text NOT NULL,
	`input` text NOT NULL,
	`state` text NOT NULL,
	`approval` text,
	`output` text,
	PRIMARY KEY(`turn`, `step`, `n`)
) WITHOUT ROWID;--> statement-breakpoint
CREATE INDEX `approval_open` ON `approval` (`state`) WHERE state IN ('pending', 'approved');--> statement-breakpoint
CREATE UNIQUE INDEX `event_key` ON `event` (`key`) WHERE key IS NOT NULL;--> statement-breakpoint
CREATE TABLE `steer` (
	`id` text PRIMARY KEY NOT NULL,
	`turn` integer NOT NULL,
	`body` text NOT NULL,
	`at` integer
);--> statement-breakpoint
CREATE TABLE `press` (
	`id` text PRIMARY KEY NOT NULL,
	`body` text,
	`at` integer NOT NULL
);
