ALTER TABLE "cases" ADD COLUMN "status_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "cases" ADD COLUMN "status_reason" text;--> statement-breakpoint
ALTER TABLE "cases" ADD COLUMN "responsible" uuid;--> statement-breakpoint
-- A case has ended exactly as long as its alert is closed.
UPDATE "cases" SET "status" = 'closed' FROM "alerts"
  WHERE "alerts"."case_id" = "cases"."id" AND "alerts"."state" = 'closed' AND "cases"."status" = 'open';--> statement-breakpoint
UPDATE "cases" SET "closed_at" = CASE WHEN "status" = 'closed' THEN coalesce("closed_at",
    (SELECT "alerts"."closed_at" FROM "alerts" WHERE "alerts"."case_id" = "cases"."id"), "updated_at") END;--> statement-breakpoint
UPDATE "cases" SET "status_since" = coalesce("closed_at", "opened_at");--> statement-breakpoint
-- Why it ended stands with its alert; what was passed on to a partner is called by that.
UPDATE "cases" SET
    "status" = CASE WHEN "alerts"."outcome" = 'transferred' THEN 'transferred' ELSE 'closed' END,
    "status_reason" = CASE WHEN "alerts"."outcome" = 'transferred' THEN 'partner'
      WHEN "alerts"."outcome" IN ('reached', 'resolved', 'not_reached', 'false_alarm') THEN "alerts"."outcome" END
  FROM "alerts" WHERE "alerts"."case_id" = "cases"."id" AND "cases"."status" = 'closed';--> statement-breakpoint
-- Of one that goes on: an officer has it; a member has opened it; or nobody has looked at it.
UPDATE "cases" SET "status" = 'active', "status_since" = coalesce("alerts"."taken_at", "cases"."opened_at")
  FROM "alerts" WHERE "alerts"."case_id" = "cases"."id" AND "alerts"."state" = 'taken' AND "cases"."status" = 'open';--> statement-breakpoint
UPDATE "cases" SET "status" = 'assessing', "status_since" = "looks"."first"
  FROM (SELECT "case_id", min("at") AS "first" FROM "audit_log" WHERE "what" = 'case_opened' GROUP BY "case_id") "looks"
  WHERE "looks"."case_id" = "cases"."id" AND "cases"."status" = 'open';--> statement-breakpoint
UPDATE "cases" SET "status" = 'new' WHERE "status" = 'open';--> statement-breakpoint
ALTER TABLE "cases" ALTER COLUMN "status_since" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "cases" ADD CONSTRAINT "a_case_has_a_status_that_there_is" CHECK ("cases"."status" in ('draft', 'new', 'assessing', 'active', 'waiting_for_us', 'waiting_for_person', 'closed', 'duplicate', 'transferred', 'rejected'));--> statement-breakpoint
ALTER TABLE "cases" ADD CONSTRAINT "a_case_that_ended_says_when" CHECK ("cases"."status" not in ('closed', 'duplicate', 'transferred', 'rejected') or "cases"."closed_at" is not null);