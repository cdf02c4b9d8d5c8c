ALTER TABLE "officer_contacts" ADD COLUMN "taken_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "officer_contacts" ADD COLUMN "refusal" text;