CREATE TABLE "channel_numbers" (
	"channel" text PRIMARY KEY NOT NULL,
	"in_use" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"because" text,
	"before" text,
	"told_of" text,
	"told_because" text
);
--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "number" text;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "number_decided" text;--> statement-breakpoint
ALTER TABLE "whatsapp_sent" ADD COLUMN "seat" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "whatsapp_session" ADD COLUMN "seat" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "whatsapp_staged" ADD COLUMN "seat" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "whatsapp_status" DROP COLUMN "id";--> statement-breakpoint
ALTER TABLE "whatsapp_status" ADD COLUMN "seat" integer PRIMARY KEY DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "whatsapp_status" ADD COLUMN "name" text;