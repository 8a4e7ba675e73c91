CREATE TABLE `computer` (
	`name` text PRIMARY KEY NOT NULL,
	`box` text NOT NULL,
	`created_at` integer NOT NULL,
	`used_at` integer NOT NULL,
	`busy_ms` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `computer_port` (
	`name` text NOT NULL,
	`port` integer NOT NULL,
	`secret_hash` text NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`name`, `port`)
);
--> statement-breakpoint
CREATE TABLE `computer_snapshot` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`label` text NOT NULL,
	`at` integer NOT NULL,
	`size_bytes` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sandbox_usage` (
	`day` text NOT NULL,
	`tier` text NOT NULL,
	`ms` integer NOT NULL,
	PRIMARY KEY(`day`, `tier`)
);
