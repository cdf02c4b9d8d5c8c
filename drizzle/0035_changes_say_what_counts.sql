DROP INDEX "voice_recordings_counts";--> statement-breakpoint
DROP INDEX "voice_recordings_waits";--> statement-breakpoint
ALTER TABLE "voice_recordings" ALTER COLUMN "mac" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "text_changes" DROP COLUMN "id";--> statement-breakpoint
ALTER TABLE "text_changes" ADD COLUMN "id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL;
