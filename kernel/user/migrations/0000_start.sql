CREATE TABLE `setting` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tool_call` (
	`call` text PRIMARY KEY NOT NULL,
	`thread` text NOT NULL,
	`turn` text NOT NULL,
	`tool` text NOT NULL,
	`capability` text NOT NULL,
	`input` text NOT NULL,
	`state` text NOT NULL,
	`reply` text,
	`started_at` integer NOT NULL,
	`ended_at` integer
);
--> statement-breakpoint
CREATE TABLE `usage` (
	`day` text NOT NULL,
	`model` text NOT NULL,
	`turns` integer NOT NULL,
	`input_tokens` integer NOT NULL,
	`output_tokens` integer NOT NULL,
	PRIMARY KEY(`day`, `model`)
);
--> statement-breakpoint
CREATE TABLE `user_approval` (
	`approval` text PRIMARY KEY NOT NULL,
	`thread` text NOT NULL,
	`card` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `user_site` (
	`slug` text PRIMARY KEY NOT NULL,
	`title` text NOT NULL,
	`url` text NOT NULL,
	`version` integer NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `user_thread` (
	`thread` text PRIMARY KEY NOT NULL,
	`title` text NOT NULL,
	`turn` text NOT NULL,
	`state` text NOT NULL,
	`at` integer NOT NULL
);
