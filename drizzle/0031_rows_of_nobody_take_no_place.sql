ALTER TABLE "text_changes" DROP CONSTRAINT "text_changes_pkey";--> statement-breakpoint
ALTER TABLE "text_changes" ADD COLUMN "id" bigint PRIMARY KEY NOT NULL GENERATED ALWAYS AS IDENTITY (sequence name "text_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1);--> statement-breakpoint
CREATE INDEX "text_changes_seq" ON "text_changes" USING btree ("seq");
