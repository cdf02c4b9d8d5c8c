CREATE TABLE "alert_log" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"alert_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"what" text NOT NULL,
	"officer_id" uuid,
	"detail" jsonb
);
--> statement-breakpoint
CREATE TABLE "alerts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"reference" text NOT NULL,
	"level" text NOT NULL,
	"region" text,
	"state" text NOT NULL,
	"policy" jsonb NOT NULL,
	"progress" jsonb NOT NULL,
	"raised_at" timestamp with time zone NOT NULL,
	"round_at" timestamp with time zone NOT NULL,
	"next_step_at" timestamp with time zone,
	"taken_by" uuid,
	"taken_at" timestamp with time zone,
	"worked_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"outcome" text,
	"repeats" integer DEFAULT 0 NOT NULL,
	"epoch_id" uuid,
	"reporter_sealed" "bytea",
	CONSTRAINT "alerts_case_id_unique" UNIQUE("case_id"),
	CONSTRAINT "an_open_alert_has_a_next_step" CHECK ("alerts"."state" = 'closed' or "alerts"."next_step_at" is not null),
	CONSTRAINT "a_taken_alert_has_a_taker" CHECK ("alerts"."state" <> 'taken' or ("alerts"."taken_by" is not null and "alerts"."taken_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "case_items" (
	"case_id" uuid NOT NULL,
	"place" integer NOT NULL,
	"kind" text NOT NULL,
	"ciphertext" "bytea" NOT NULL,
	"link" "bytea" NOT NULL,
	"signature" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "case_items_case_id_place_pk" PRIMARY KEY("case_id","place")
);
--> statement-breakpoint
CREATE TABLE "case_wraps" (
	"case_id" uuid NOT NULL,
	"recipient_group" text NOT NULL,
	"wrapped_secret" "bytea" NOT NULL,
	CONSTRAINT "case_wraps_case_id_recipient_group_pk" PRIMARY KEY("case_id","recipient_group")
);
--> statement-breakpoint
CREATE TABLE "cases" (
	"id" uuid PRIMARY KEY NOT NULL,
	"reference" text,
	"status" text NOT NULL,
	"level" text DEFAULT 'low' NOT NULL,
	"channel" text NOT NULL,
	"zone" text,
	"region" text,
	"is_submitted" boolean DEFAULT false NOT NULL,
	"is_unfinished" boolean DEFAULT false NOT NULL,
	"recipient" text NOT NULL,
	"chain_head" "bytea",
	"chain_length" integer DEFAULT 0 NOT NULL,
	"unheard" integer DEFAULT 0 NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"closed_at" timestamp with time zone,
	CONSTRAINT "cases_reference_unique" UNIQUE("reference")
);
--> statement-breakpoint
CREATE TABLE "contacts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"address_index" "bytea" NOT NULL,
	"address_sealed" "bytea" NOT NULL,
	"is_group" boolean DEFAULT false NOT NULL,
	"language" text,
	"created_at" timestamp with time zone NOT NULL,
	"blocked_at" timestamp with time zone,
	"flood_minute" timestamp with time zone,
	"flood_count" integer DEFAULT 0 NOT NULL,
	"muted_at" timestamp with time zone,
	"muted_by" uuid,
	"muted_reason_sealed" "bytea",
	"muted_sos_at" timestamp with time zone,
	"outage_told" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "contacts_address" UNIQUE("channel","address_index")
);
--> statement-breakpoint
CREATE TABLE "conversations" (
	"contact_id" uuid PRIMARY KEY NOT NULL,
	"epoch_id" uuid NOT NULL,
	"state_sealed" "bytea" NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"contact_id" uuid NOT NULL,
	"class" integer NOT NULL,
	"action" text DEFAULT 'send' NOT NULL,
	"target_id" integer,
	"state" text NOT NULL,
	"epoch_id" uuid,
	"body_sealed" "bytea",
	"coalesce" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"lease_until" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone,
	"message_ref_sealed" "bytea",
	"failure" text
);
--> statement-breakpoint
CREATE TABLE "epochs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"day" text NOT NULL,
	"wrapped_key" "bytea",
	"created_at" timestamp with time zone NOT NULL,
	"destroyed_at" timestamp with time zone,
	CONSTRAINT "epochs_day_unique" UNIQUE("day")
);
--> statement-breakpoint
CREATE TABLE "evidence" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"state" text NOT NULL,
	"media" text NOT NULL,
	"epoch_id" uuid,
	"source_sealed" "bytea",
	"hash" "bytea",
	"size" integer,
	"refusal" text,
	"created_at" timestamp with time zone NOT NULL,
	"saved_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "evidence_chunks" (
	"evidence_id" uuid NOT NULL,
	"n" integer NOT NULL,
	"ciphertext" "bytea" NOT NULL,
	CONSTRAINT "evidence_chunks_evidence_id_n_pk" PRIMARY KEY("evidence_id","n")
);
--> statement-breakpoint
CREATE TABLE "inbox" (
	"channel" text NOT NULL,
	"message_index" "bytea" NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"epoch_id" uuid,
	"body_sealed" "bytea",
	"error" text,
	CONSTRAINT "inbox_channel_message_index_pk" PRIMARY KEY("channel","message_index")
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"name" text PRIMARY KEY NOT NULL,
	"holder" uuid NOT NULL,
	"until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "officer_contacts" (
	"contact_id" uuid PRIMARY KEY NOT NULL,
	"officer_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"verified_at" timestamp with time zone NOT NULL,
	"epoch_id" uuid,
	"state_sealed" "bytea",
	"due_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "officers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name_sealed" "bytea" NOT NULL,
	"role" text NOT NULL,
	"is_on_duty" boolean,
	"language" text NOT NULL,
	"code_index" "bytea" NOT NULL,
	"code_expires_at" timestamp with time zone NOT NULL,
	"enrolled_at" timestamp with time zone,
	"removed_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "officers_code_index_unique" UNIQUE("code_index")
);
--> statement-breakpoint
CREATE TABLE "outages" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pages" (
	"alert_id" uuid NOT NULL,
	"officer_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"delivery_id" integer NOT NULL,
	"paged_at" timestamp with time zone NOT NULL,
	"is_repeat" boolean NOT NULL,
	"declined_at" timestamp with time zone,
	CONSTRAINT "pages_alert_id_delivery_id_pk" PRIMARY KEY("alert_id","delivery_id")
);
--> statement-breakpoint
CREATE TABLE "receipt_codes" (
	"case_id" uuid PRIMARY KEY NOT NULL,
	"salt" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	"key_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "service" (
	"id" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"mode" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_alive_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "alert_log" ADD CONSTRAINT "alert_log_alert_id_alerts_id_fk" FOREIGN KEY ("alert_id") REFERENCES "public"."alerts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "case_items" ADD CONSTRAINT "case_items_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "case_wraps" ADD CONSTRAINT "case_wraps_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evidence_chunks" ADD CONSTRAINT "evidence_chunks_evidence_id_evidence_id_fk" FOREIGN KEY ("evidence_id") REFERENCES "public"."evidence"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "officer_contacts" ADD CONSTRAINT "officer_contacts_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "officer_contacts" ADD CONSTRAINT "officer_contacts_officer_id_officers_id_fk" FOREIGN KEY ("officer_id") REFERENCES "public"."officers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pages" ADD CONSTRAINT "pages_alert_id_alerts_id_fk" FOREIGN KEY ("alert_id") REFERENCES "public"."alerts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "receipt_codes" ADD CONSTRAINT "receipt_codes_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alert_log_alert" ON "alert_log" USING btree ("alert_id","id");--> statement-breakpoint
CREATE INDEX "alerts_due" ON "alerts" USING btree ("next_step_at") WHERE "alerts"."state" <> 'closed';--> statement-breakpoint
CREATE INDEX "cases_open" ON "cases" USING btree ("status","level","opened_at");--> statement-breakpoint
CREATE INDEX "conversations_due" ON "conversations" USING btree ("due_at") WHERE "conversations"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "conversations_epoch" ON "conversations" USING btree ("epoch_id");--> statement-breakpoint
CREATE INDEX "deliveries_waiting" ON "deliveries" USING btree ("class","due_at") WHERE "deliveries"."state" in ('queued', 'sending');--> statement-breakpoint
CREATE INDEX "deliveries_contact" ON "deliveries" USING btree ("contact_id","class","id") WHERE "deliveries"."state" in ('queued', 'sending');--> statement-breakpoint
CREATE INDEX "deliveries_created" ON "deliveries" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "evidence_case" ON "evidence" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "inbox_unhandled" ON "inbox" USING btree ("received_at") WHERE "inbox"."state" <> 'handled';--> statement-breakpoint
CREATE INDEX "inbox_received" ON "inbox" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "pages_officer" ON "pages" USING btree ("officer_id","paged_at");