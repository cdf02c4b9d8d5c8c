ALTER TABLE "invitations" ADD COLUMN "mac" "bytea";--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "signature" "bytea";--> statement-breakpoint
ALTER TABLE "passkeys" ADD COLUMN "mac" "bytea";--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "mac" "bytea";