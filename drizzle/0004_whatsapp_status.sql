CREATE TABLE "channel_troubles" (
	"channel" text PRIMARY KEY NOT NULL,
	"because" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"told" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "whatsapp_status" (
	"id" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"state" text DEFAULT 'off' NOT NULL,
	"because" text,
	"since" timestamp with time zone,
	"noted_at" timestamp with time zone,
	"linked_at" timestamp with time zone,
	"received_at" timestamp with time zone,
	"sent_at" timestamp with time zone,
	"handset_at" timestamp with time zone,
	"error_code" text,
	"error_at" timestamp with time zone,
	"closes" integer DEFAULT 0 NOT NULL,
	"closes_day" text,
	"unlink_asked_at" timestamp with time zone,
	"was_told_of_unlink" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
ALTER TABLE "whatsapp_session" ADD COLUMN "outlives" boolean DEFAULT false NOT NULL;