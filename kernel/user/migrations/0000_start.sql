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
CREATE TABLE `user_thread` (
	`thread` text PRIMARY KEY NOT NULL,
	`last_turn` text NOT NULL,
	`at` integer NOT NULL
);
