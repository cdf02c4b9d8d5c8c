CREATE TABLE "whatsapp_session" (
	"name_index" "bytea" PRIMARY KEY NOT NULL,
	"value_sealed" "bytea" NOT NULL
);
