CREATE TABLE "whatsapp_staged" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"hash_index" "bytea" NOT NULL,
	"body_sealed" "bytea",
	"staged_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "whatsapp_staged_hash_index_unique" UNIQUE("hash_index")
);
--> statement-breakpoint
CREATE INDEX "whatsapp_staged_waiting" ON "whatsapp_staged" USING btree ("id") WHERE "whatsapp_staged"."body_sealed" is not null;