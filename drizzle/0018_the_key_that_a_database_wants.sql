ALTER TABLE "service" ADD COLUMN "server_key_id" text;--> statement-breakpoint
ALTER TABLE "service" ADD COLUMN "server_key_fingerprint" text;--> statement-breakpoint
ALTER TABLE "service" ADD COLUMN "server_key_proof" "bytea";