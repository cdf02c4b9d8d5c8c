CREATE TABLE "case_tasks" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"times" integer DEFAULT 1 NOT NULL,
	"decided_by" uuid,
	"decided_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "erasures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"reference" text NOT NULL,
	"state" text NOT NULL,
	"because" text NOT NULL,
	"asked_by" uuid NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"agreed_by" uuid,
	"agreed_at" timestamp with time zone,
	"due_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"stopped_by" uuid,
	"stopped_because" text,
	"excluded" jsonb DEFAULT '[]'::jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "cases" ADD COLUMN "objected_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "case_tasks" ADD CONSTRAINT "case_tasks_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "case_tasks_case" ON "case_tasks" USING btree ("case_id");--> statement-breakpoint
CREATE UNIQUE INDEX "case_tasks_open" ON "case_tasks" USING btree ("case_id","kind") WHERE "case_tasks"."state" = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "erasures_live" ON "erasures" USING btree ("case_id") WHERE "erasures"."state" in ('asked', 'waiting');--> statement-breakpoint
CREATE INDEX "erasures_case" ON "erasures" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "erasures_reference" ON "erasures" USING btree ("reference");