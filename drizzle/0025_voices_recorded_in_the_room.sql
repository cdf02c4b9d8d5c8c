CREATE TABLE "voice_recordings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"language" text NOT NULL,
	"key" text NOT NULL,
	"version" text NOT NULL,
	"ms" integer NOT NULL,
	"size" integer NOT NULL,
	"sha256" "bytea" NOT NULL,
	"ogg" "bytea" NOT NULL,
	"recorded_by" uuid NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"heard_by" uuid,
	"heard_at" timestamp with time zone,
	"mac" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "voice_recordings_counts" ON "voice_recordings" USING btree ("language","key") WHERE "voice_recordings"."heard_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "voice_recordings_waits" ON "voice_recordings" USING btree ("language","key") WHERE "voice_recordings"."heard_at" is null;--> statement-breakpoint
CREATE INDEX "voice_recordings_language" ON "voice_recordings" USING btree ("language");