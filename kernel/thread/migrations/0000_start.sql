CREATE TABLE `asked` (
	`id` text PRIMARY KEY NOT NULL,
	`turn` text NOT NULL,
	`body` text NOT NULL,
	`files` text,
	`missed` integer DEFAULT false NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `delivery` (
	`id` integer PRIMARY KEY NOT NULL,
	`cursor` integer NOT NULL,
	`view` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sight` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`turn` text NOT NULL,
	`user` text NOT NULL,
	`path` text NOT NULL,
	`media_type` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `steer` (
	`id` text PRIMARY KEY NOT NULL,
	`turn` text NOT NULL,
	`body` text NOT NULL,
	`at` integer
);
--> statement-breakpoint
CREATE TABLE `turn` (
	`id` text PRIMARY KEY NOT NULL,
	`trigger` text NOT NULL,
	`principal` text NOT NULL,
	`principal_name` text NOT NULL,
	`title` text NOT NULL,
	`state` text NOT NULL,
	`starts` integer DEFAULT 0 NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `event` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`turn` text NOT NULL,
	`principal` text,
	`type` text NOT NULL,
	`body` text NOT NULL
);
--> statement-breakpoint
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
);
--> statement-breakpoint
CREATE UNIQUE INDEX `approval_call_unique` ON `approval` (`call`);