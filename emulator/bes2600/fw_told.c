// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the host has told the firmware since WIFI active, kept as it came: the
 * last accepted request of each number, MIBs, templates, keys without their
 * material. Scenarios compare it with what the access point was configured with.
 */
#include <stdlib.h>
#include <string.h>

#include "fw.h"

void fw_value_keep(struct fw_mib_value *v, const uint8_t *data, size_t len)
{
	uint8_t *copy = realloc(v->data, len ? len : 1);

	if (!copy)
		return;
	v->data = copy;
	v->len = len;
	memcpy(copy, data, len);
}

void fw_value_forget(struct fw_mib_value *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(v[i].data);
	memset(v, 0, n * sizeof(*v));
}

void fw_print_hex(const uint8_t *bytes, size_t len, FILE *out)
{
	fputc('"', out);
	for (size_t i = 0; i < len; i++)
		fprintf(out, "%02x", bytes[i]);
	fputc('"', out);
}

void fw_told(struct fw *fw, const struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	unsigned int id = fw_get16(msg + 2) & WSM_ID_NUM;

	if (id != WSM_REQ_ADD_KEY && id != WSM_REQ_WRITE_MIB && id != WSM_REQ_READ_MIB)
		fw_value_keep(&fw->told[ifc->id][id], msg + 4, len - 4);
}

void fw_told_forget(struct fw *fw)
{
	for (int i = 0; i < FW_IFS; i++)
		fw_value_forget(fw->told[i], FW_REQUESTS);
}

static void print_requests(const struct fw *fw, int if_id, FILE *out)
{
	const char *comma = "";

	for (int id = 0; id < FW_REQUESTS; id++) {
		const struct fw_mib_value *v = &fw->told[if_id][id];

		if (!v->data)
			continue;
		fprintf(out, "%s\"%04x\": ", comma, id);
		fw_print_hex(v->data, v->len, out);
		comma = ", ";
	}
}

static void print_templates(const struct fw_if *ifc, FILE *out)
{
	const char *comma = "";

	for (int i = 0; i < FW_TEMPLATES; i++) {
		const struct fw_template *t = &ifc->template[i];

		if (!t->len)
			continue;
		fprintf(out, "%s\"%d\": ", comma, i);
		fw_print_hex(t->frame, t->len, out);
		comma = ", ";
	}
}

static void print_keys(const struct fw *fw, FILE *out)
{
	const char *comma = "";

	for (int i = 0; i < WSM_KEY_SLOTS; i++) {
		const struct fw_key *k = &fw->keys[i];

		if (!k->used)
			continue;
		fprintf(out, "%s{\"slot\": %d, \"interface\": %d, \"type\": %d, \"key_id\": %d}", comma, i,
			k->if_id, k->type, k->mac.key_id);
		comma = ", ";
	}
}

void fw_print_told(const struct fw *fw, FILE *out)
{
	fputs("{\"interfaces\": [", out);
	for (int i = 0; i < FW_IFS; i++) {
		fprintf(out, "%s{\"requests\": {", i ? ", " : "");
		print_requests(fw, i, out);
		fputs("}, \"mibs\": {", out);
		fw_mib_print(fw, i, out);
		fputs("}, \"templates\": {", out);
		print_templates(&fw->ifs[i], out);
		fputs("}}", out);
	}
	fputs("], \"keys\": [", out);
	print_keys(fw, out);
	fputs("]}", out);
}
