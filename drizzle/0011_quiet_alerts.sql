ALTER TABLE "alerts" ADD COLUMN "is_quiet" boolean DEFAULT false NOT NULL;--> statement-breakpoint
UPDATE "cases" SET "status" = 'closed', "closed_at" = "alerts"."closed_at"
FROM "alerts" WHERE "alerts"."case_id" = "cases"."id" AND "alerts"."state" = 'closed' AND "cases"."status" = 'open';
