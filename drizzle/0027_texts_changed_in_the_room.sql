CREATE TABLE "text_changes" (
	"seq" integer PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"language" text NOT NULL,
	"key" text NOT NULL,
	"sealed" "bytea" NOT NULL
);

--> statement-breakpoint
CREATE FUNCTION text_changes_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'changes of texts are kept as they are'; END $$;--> statement-breakpoint
CREATE TRIGGER text_changes_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON "text_changes" FOR EACH STATEMENT EXECUTE FUNCTION text_changes_are_kept();
