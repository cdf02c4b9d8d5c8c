CREATE TABLE "contact_warnings" (
	"code" text NOT NULL,
	"verified_on" text NOT NULL,
	"what" text NOT NULL,
	"told_at" timestamp with time zone NOT NULL,
	CONSTRAINT "contact_warnings_code_verified_on_what_pk" PRIMARY KEY("code","verified_on","what")
);
