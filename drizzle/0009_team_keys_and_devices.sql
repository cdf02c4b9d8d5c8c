CREATE TABLE "team_keys" (
	"fingerprint" text PRIMARY KEY NOT NULL,
	"recipient" text NOT NULL,
	"vouched_by" text NOT NULL,
	"voucher" "bytea" NOT NULL,
	"made_by" uuid,
	"made_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "case_wraps" ADD COLUMN "key_fingerprint" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "case_wraps" DROP CONSTRAINT "case_wraps_case_id_recipient_group_pk";--> statement-breakpoint
ALTER TABLE "case_wraps" ADD CONSTRAINT "case_wraps_case_id_recipient_group_key_fingerprint_pk" PRIMARY KEY("case_id","recipient_group","key_fingerprint");--> statement-breakpoint
ALTER TABLE "team_grants" DROP CONSTRAINT "team_grants_pkey";--> statement-breakpoint
ALTER TABLE "team_grants" ADD CONSTRAINT "team_grants_member_id_fingerprint_pk" PRIMARY KEY("member_id","fingerprint");--> statement-breakpoint
ALTER TABLE "invitations" ADD COLUMN "member_id" uuid;--> statement-breakpoint
ALTER TABLE "invitations" ADD COLUMN "wrapped_secret" "bytea";--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE cascade ON UPDATE no action;
