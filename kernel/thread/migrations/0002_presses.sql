CREATE TABLE `press` (
	`id` text PRIMARY KEY NOT NULL,
	`body` text,
	`at` integer NOT NULL
);
