CREATE SEQUENCE "public"."inbox_waiting_no" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
ALTER TABLE "inbox" ADD COLUMN "waiting_from" "bytea";--> statement-breakpoint
ALTER TABLE "inbox" ADD COLUMN "waiting_no" bigint;--> statement-breakpoint
CREATE INDEX "inbox_waiting" ON "inbox" USING btree ("channel","waiting_from","waiting_no") WHERE "inbox"."waiting_from" is not null;