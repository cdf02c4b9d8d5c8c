CREATE TABLE "whatsapp_sent" (
	"id_index" "bytea" PRIMARY KEY NOT NULL,
	"epoch_id" uuid NOT NULL,
	"body_sealed" "bytea" NOT NULL,
	"sent_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "message_ref_index" "bytea";--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "delivered_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "read_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "whatsapp_staged" ADD COLUMN "epoch_id" uuid;--> statement-breakpoint
CREATE INDEX "deliveries_ref" ON "deliveries" USING btree ("message_ref_index") WHERE "deliveries"."message_ref_index" is not null;