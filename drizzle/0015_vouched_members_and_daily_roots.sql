CREATE TABLE "roots" (
	"day" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"root" text NOT NULL,
	"document" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "invitations" ADD COLUMN "mac" "bytea";--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "signature" "bytea";--> statement-breakpoint
ALTER TABLE "passkeys" ADD COLUMN "mac" "bytea";--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "mac" "bytea";