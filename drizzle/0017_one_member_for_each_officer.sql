-- Whoever must not know of a case as an officer must not as a member either, also without that officer's record.
WITH "also" AS (
	SELECT "alerts"."id", jsonb_agg(DISTINCT "members"."id") AS "ids" FROM "alerts" JOIN "members"
	ON NOT "alerts"."excluded" @> to_jsonb(ARRAY["members"."id"::text]) AND EXISTS (
		SELECT FROM "members" AS "same" WHERE "same"."officer_id" = "members"."officer_id" AND (
			"alerts"."excluded" @> to_jsonb(ARRAY["same"."id"::text])
			OR "alerts"."excluded" @> to_jsonb(ARRAY["same"."officer_id"::text])))
	WHERE "alerts"."excluded" <> '[]'::jsonb GROUP BY "alerts"."id")
UPDATE "alerts" SET "excluded" = "alerts"."excluded" || "also"."ids" FROM "also" WHERE "also"."id" = "alerts"."id";--> statement-breakpoint
-- An officer's record that two members have stays with the older one; the other one remains a member who is not paged.
UPDATE "members" SET "officer_id" = NULL WHERE "removed_at" IS NULL AND EXISTS (
	SELECT FROM "members" AS "older" WHERE "older"."officer_id" = "members"."officer_id" AND "older"."removed_at" IS NULL
	AND ("older"."created_at", "older"."id") < ("members"."created_at", "members"."id"));--> statement-breakpoint
-- Of several invitations that wait for one officer the oldest stays. None for a record that somebody has.
DELETE FROM "invitations" WHERE "used_at" IS NULL AND "officer_id" IS NOT NULL AND (
	EXISTS (SELECT FROM "members" WHERE "members"."officer_id" = "invitations"."officer_id" AND "members"."removed_at" IS NULL)
	OR "expires_at" < now()
	OR EXISTS (SELECT FROM "invitations" AS "older" WHERE "older"."officer_id" = "invitations"."officer_id" AND "older"."used_at" IS NULL
		AND "older"."expires_at" >= now()
		AND ("older"."created_at", "older"."id") < ("invitations"."created_at", "invitations"."id")));--> statement-breakpoint
CREATE INDEX "audit_log_at" ON "audit_log" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_officer" ON "invitations" USING btree ("officer_id") WHERE "invitations"."used_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "members_officer" ON "members" USING btree ("officer_id") WHERE "members"."removed_at" is null;