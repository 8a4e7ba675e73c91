ALTER TABLE `turn` RENAME TO `old_turn`;--> statement-breakpoint
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
ALTER TABLE `approval` ADD `press` text;--> statement-breakpoint
CREATE INDEX `approval_open` ON `approval` (`state`) WHERE state IN ('pending', 'approved');--> statement-breakpoint
ALTER TABLE `event` ADD `key` text;--> statement-breakpoint
CREATE UNIQUE INDEX `event_key` ON `event` (`key`) WHERE key IS NOT NULL;--> statement-breakpoint
-- Threads of the version before, whose transcript was not ours: what was asked and what was answered comes along.
INSERT INTO `turn` (`id`, `cause`, `principal`, `principal_name`, `title`, `state`, `starts`, `noted`, `at`, `body`, `context`, `missed`)
SELECT t.id, t."trigger", t.principal, t.principal_name, t.title,
	CASE WHEN t.state = 'running' AND t."trigger" = 'decision' AND t.starts = 0 THEN 'queued' WHEN t.state = 'running' THEN 'failed' ELSE t.state END,
	CASE WHEN t.state = 'running' AND t."trigger" = 'decision' AND t.starts = 0 THEN 0 ELSE max(t.starts, 1) END,
	CASE WHEN t.state = 'running' THEN 0 ELSE 1 END,
	t.at, coalesce(a.body, substr(t.id, 10)),
	CASE WHEN t."trigger" = 'decision' THEN '[Deckhand] ' || t.principal_name || ' decided: ' || t.title ELSE coalesce(a.files, '') END,
	coalesce(a.missed, 0)
FROM `old_turn` t LEFT JOIN `asked` a ON a.turn = t.id
WHERE t."trigger" = 'decision' OR a.body IS NOT NULL
ORDER BY t.at, t.rowid;--> statement-breakpoint
INSERT INTO `turn` (`id`, `cause`, `principal`, `principal_name`, `title`, `state`, `at`, `body`, `context`, `missed`)
SELECT a.turn, 'message', json_extract(a.body, '$.author.id'), json_extract(a.body, '$.author.name'),
	substr(trim(json_extract(a.body, '$.text')), 1, 60), 'queued', a.at, a.body, a.files, a.missed
FROM `asked` a WHERE a.turn NOT IN (SELECT id FROM `old_turn`) ORDER BY a.at;--> statement-breakpoint
INSERT INTO `step` (`turn`, `n`, `state`, `attempts`, `parts`, `finish`)
SELECT t.seq, row_number() OVER (PARTITION BY t.seq ORDER BY e.seq) - 1, 'done', 1,
	json_array(json_object('type', 'text', 'text', json_extract(e.body, '$.text'))), 'stop'
FROM `event` e JOIN `turn` t ON t.id = e.turn WHERE e.type = 'text.done';--> statement-breakpoint
INSERT INTO `event` (`seq`, `at`, `turn`, `principal`, `type`, `body`)
SELECT (SELECT max(seq) FROM `event`) + row_number() OVER (ORDER BY t.seq), t.at, t.id, t.principal, 'turn.failed',
	json_object('type', 'turn.failed', 'code', 'tool.interrupted', 'text', 'Deckhand was updated while this was being answered. Please ask once more.')
FROM `turn` t JOIN `old_turn` o ON o.id = t.id WHERE o.state = 'running' AND t.state = 'failed';--> statement-breakpoint
UPDATE `event` SET `key` = 'started ' || `turn` WHERE `type` = 'turn.started' AND `seq` IN
	(SELECT min(seq) FROM `event` WHERE `type` = 'turn.started' AND `turn` LIKE 'decision:%' GROUP BY `turn`);--> statement-breakpoint
DROP TABLE `steer`;--> statement-breakpoint
CREATE TABLE `steer` (
	`id` text PRIMARY KEY NOT NULL,
	`turn` integer NOT NULL,
	`body` text NOT NULL,
	`at` integer
);--> statement-breakpoint
DROP TABLE `old_turn`;--> statement-breakpoint
DROP TABLE `asked`;--> statement-breakpoint
DROP TABLE IF EXISTS `cf_think_submissions`;--> statement-breakpoint
DROP TABLE IF EXISTS `cf_think_action_ledger`;--> statement-breakpoint
DROP TABLE IF EXISTS `cf_think_action_pending_approvals`;--> statement-breakpoint
DROP TABLE IF EXISTS `cf_think_scheduled_tasks`;--> statement-breakpoint
DROP TABLE IF EXISTS `think_config`;--> statement-breakpoint
DROP TABLE IF EXISTS `cf_agents_session_messages`;--> statement-breakpoint
DROP TABLE IF EXISTS `cf_agents_session_message_chunks`;
