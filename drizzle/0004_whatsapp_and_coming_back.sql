CREATE TABLE "channel_troubles" (
	"channel" text PRIMARY KEY NOT NULL,
	"because" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"told" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "code_tries" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"address_index" "bytea" NOT NULL,
	"tried_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "whatsapp_sent" (
	"id_index" "bytea" PRIMARY KEY NOT NULL,
	"epoch_id" uuid NOT NULL,
	"body_sealed" "bytea" NOT NULL,
	"sent_at" timestamp with time zone DEFAULT now() NOT NULL
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
ALTER TABLE "deliveries" ADD COLUMN "message_ref_index" "bytea";--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "delivered_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "read_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "whatsapp_session" ADD COLUMN "outlives" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "whatsapp_staged" ADD COLUMN "epoch_id" uuid;--> statement-breakpoint
CREATE INDEX "code_tries_address" ON "code_tries" USING btree ("address_index","tried_at");--> statement-breakpoint
CREATE INDEX "deliveries_ref" ON "deliveries" USING btree ("message_ref_index") WHERE "deliveries"."message_ref_index" is not null;