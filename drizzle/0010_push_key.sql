ALTER TABLE "passkeys" ADD COLUMN "push_contact_id" uuid;--> statement-breakpoint
ALTER TABLE "service" ADD COLUMN "push_key_sealed" "bytea";--> statement-breakpoint
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_push_contact_id_contacts_id_fk" FOREIGN KEY ("push_contact_id") REFERENCES "public"."contacts"("id") ON DELETE set null ON UPDATE no action;