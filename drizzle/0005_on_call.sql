CREATE TABLE "covers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"rota" text NOT NULL,
	"officer_id" uuid NOT NULL,
	"instead_of" uuid,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"removed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "duty_plans" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"document" jsonb NOT NULL,
	"exclusions_sealed" "bytea"
);
--> statement-breakpoint
CREATE TABLE "gap_warnings" (
	"gap" text NOT NULL,
	"ahead" text NOT NULL,
	"told_at" timestamp with time zone NOT NULL,
	CONSTRAINT "gap_warnings_gap_ahead_pk" PRIMARY KEY("gap","ahead")
);
--> statement-breakpoint
ALTER TABLE "alerts" ALTER COLUMN "case_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "officer_contacts" ALTER COLUMN "verified_at" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "is_drill" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "excluded" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "officer_contacts" ADD COLUMN "delay_seconds" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "officer_contacts" ADD COLUMN "code_index" "bytea";--> statement-breakpoint
ALTER TABLE "officer_contacts" ADD COLUMN "code_expires_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "officer_contacts" ADD COLUMN "code_tries" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "pages" ADD COLUMN "moved_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "covers_time" ON "covers" USING btree ("ends_at") WHERE "covers"."removed_at" is null;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "an_alert_has_a_case" CHECK ("alerts"."is_drill" or "alerts"."case_id" is not null);