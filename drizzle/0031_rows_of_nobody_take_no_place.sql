ALTER TABLE "text_changes" DROP CONSTRAINT "text_changes_pkey";--> statement-breakpoint
ALTER TABLE "text_changes" ADD COLUMN "id" bigserial PRIMARY KEY NOT NULL;--> statement-breakpoint
CREATE INDEX "text_changes_seq" ON "text_changes" USING btree ("seq");
