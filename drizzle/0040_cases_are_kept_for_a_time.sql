CREATE TABLE "case_holds" (
	"case_id" uuid PRIMARY KEY NOT NULL,
	"because" text NOT NULL,
	"held_by" uuid NOT NULL,
	"held_at" timestamp with time zone NOT NULL,
	"lift_by" uuid,
	"lift_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "erasures" ALTER COLUMN "asked_by" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "erasures" ADD COLUMN "rule" text;--> statement-breakpoint
ALTER TABLE "erasures" ADD COLUMN "statistics" "bytea";--> statement-breakpoint
ALTER TABLE "case_holds" ADD CONSTRAINT "case_holds_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "erasures" ADD CONSTRAINT "what_people_want_has_who_wants_it" CHECK ("erasures"."because" = 'time_over' or "erasures"."asked_by" is not null);