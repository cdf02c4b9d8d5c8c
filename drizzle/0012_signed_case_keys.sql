ALTER TABLE "cases" ADD COLUMN "recipient_signature" "bytea";--> statement-breakpoint
ALTER TABLE "cases" ADD COLUMN "bound_from" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "cases" ADD COLUMN "replaces" uuid;--> statement-breakpoint
ALTER TABLE "cases" ADD COLUMN "replaces_signature" "bytea";--> statement-breakpoint
CREATE INDEX "cases_replaces" ON "cases" USING btree ("replaces") WHERE "cases"."replaces" is not null;