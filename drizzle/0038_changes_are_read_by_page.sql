DROP INDEX "text_changes_seq";--> statement-breakpoint
CREATE INDEX "text_changes_seq" ON "text_changes" USING btree ("seq","id");