CREATE TABLE "file_days" (
	"contact_id" uuid PRIMARY KEY NOT NULL,
	"day" text NOT NULL,
	"files" bigint DEFAULT 0 NOT NULL,
	"voice" bigint DEFAULT 0 NOT NULL,
	"declined" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "evidence" ADD COLUMN "faults" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "evidence" ADD COLUMN "fault_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "evidence" ADD COLUMN "fetched_by" uuid;--> statement-breakpoint
ALTER TABLE "evidence" ADD COLUMN "fetched_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "evidence" ADD COLUMN "expected" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "file_days" ADD CONSTRAINT "file_days_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE cascade ON UPDATE no action;