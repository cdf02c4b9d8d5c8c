CREATE TABLE "backup_notes" (
	"what" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"detail" text
);
--> statement-breakpoint
CREATE TABLE "backups" (
	"name" text PRIMARY KEY NOT NULL,
	"as_of" timestamp with time zone NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"bytes" bigint NOT NULL,
	"rows" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	"rehearsed" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "emptied_cases" (
	"case_id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL
);
