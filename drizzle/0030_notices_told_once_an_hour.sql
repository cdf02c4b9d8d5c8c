CREATE TABLE "told_notices" (
	"about" text PRIMARY KEY NOT NULL,
	"told_at" timestamp with time zone NOT NULL,
	"held" integer DEFAULT 0 NOT NULL
);
